import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerSource } from '../backend/server-source.ts';
import { Trouble } from '../base/trouble.ts';
import { runCommand } from '../distribution/run-command.ts';
import type { CommittedLog, PartitionLog } from '../history/records.ts';
import { recordsTopic, transactionsTopic } from '../topology/brokers.ts';
import { nodeName, type Topology } from '../topology/topology.ts';
import { evidenceFolder } from './collect-transactions.ts';

/** One JVM that reads some megabytes, on a busy machine. */
const dumpMs = 60_000;

/**
 * What every broker's disk holds of every partition, read by Kafka's own DumpLogSegments from the data directories that
 * were kept as evidence, and added to the records' history: a witness that shares no code with the client.
 */
export async function dumpLogs(
  directory: string,
  historyPath: string,
  { kafka }: Topology,
  servers: ServerSource,
): Promise<void> {
  if (!kafka || servers.backend !== 'sandbox') return;
  const release = servers.kafka?.[kafka.version];
  if (!release) throw new Error(`Kafka ${kafka.version} ran and was not fetched`);
  const segments = kafka.nodes.flatMap((node) => segmentsOf(join(directory, evidenceFolder), node));
  if (segments.length === 0) return;
  const args = [
    ...['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
    ...['-cp', release.classpath.join(':'), 'kafka.tools.DumpLogSegments'],
    ...['--print-data-log', '--files', segments.map(({ path }) => path).join(',')],
  ];
  const { code, output } = await runCommand(servers.java, args, { deadlineMs: dumpMs });
  if (code !== 0)
    throw new Trouble(
      'DumpLogSegments',
      output.trim().split('\n').at(-1) ?? `exit code ${code}`,
      'run again',
    );
  for (const row of logsIn(output, segments)) appendFileSync(historyPath, `${JSON.stringify(row)}\n`);
}

export interface Segment {
  node: number;
  topic: string;
  partition: number;
  path: string;
}

/** In the order of their offsets, which are their names. */
function segmentsOf(evidence: string, node: number): Segment[] {
  const data = join(evidence, nodeName(node), 'data');
  if (!existsSync(data)) return [];
  return readdirSync(data)
    .flatMap((folder) => {
      const [, topic, partition] = folderPattern.exec(folder) ?? [];
      return topic === undefined ? [] : [{ folder, topic, partition: Number(partition) }];
    })
    .flatMap(({ folder, topic, partition }) =>
      readdirSync(join(data, folder))
        .filter((file) => file.endsWith('.log'))
        .sort()
        .map((file) => ({ node, topic, partition, path: join(data, folder, file) })),
    );
}

const folderPattern = new RegExp(`^(${recordsTopic}|${transactionsTopic})-(\\d+)$`);

/** What DumpLogSegments prints of one partition of a broker, its segments joined. */
interface Dumped {
  segment: Segment;
  lines: string[];
}

/** The logs in what DumpLogSegments prints, a partition of a broker each; throws when a segment is missing there. */
export function logsIn(output: string, segments: readonly Segment[]): (PartitionLog | CommittedLog)[] {
  const byPath = new Map(segments.map((segment) => [segment.path, segment]));
  const dumped = new Map<string, Dumped>();
  let lines: string[] | undefined;
  for (const line of output.split('\n')) {
    const path = /^Dumping (.*)$/.exec(line)?.[1];
    if (path === undefined) {
      lines?.push(line);
      continue;
    }
    const segment = byPath.get(path);
    if (!segment) throw new Error(`DumpLogSegments read ${path}, which nobody asked for`);
    byPath.delete(path);
    const key = `${segment.node}/${segment.topic}-${segment.partition}`;
    if (!dumped.has(key)) dumped.set(key, { segment, lines: [] });
    lines = dumped.get(key)!.lines;
  }
  if (byPath.size > 0) throw new Error(`DumpLogSegments did not read ${[...byPath.keys()].join(', ')}`);
  return [...dumped.values()].map(({ segment: { node, topic, partition }, lines }) =>
    topic === transactionsTopic
      ? { kind: 'committed-log', witness: 'disk', node, partition, ...decidedIn(lines) }
      : { kind: 'log', witness: 'disk', node, partition, records: lines.flatMap(recordIn) },
  );
}

function recordIn(line: string): [offset: number, value: string][] {
  const [, offset, value] = /^\| offset: (\d+) .* payload: (.*)$/.exec(line) ?? [];
  return offset === undefined ? [] : [[Number(offset), value!]];
}

/**
 * What the markers in a log make of its records: a marker ends the transaction of the producer whose batch it is
 * (KIP-98), and what has no marker yet is not to be shown.
 */
function decidedIn(lines: readonly string[]): Pick<CommittedLog, 'records' | 'hidden'> {
  const records: PartitionLog['records'] = [];
  const hidden: PartitionLog['records'] = [];
  const open = new Map<string, PartitionLog['records']>();
  let producer = '';
  for (const line of lines) {
    producer = /^baseOffset: .* producerId: (-?\d+)/.exec(line)?.[1] ?? producer;
    const own = open.get(producer) ?? [];
    open.set(producer, own);
    own.push(...recordIn(line));
    const marker = /^\| offset: .* endTxnMarker: (COMMIT|ABORT)/.exec(line)?.[1];
    if (marker === undefined) continue;
    (marker === 'COMMIT' ? records : hidden).push(...own);
    open.delete(producer);
  }
  hidden.push(...[...open.values()].flat());
  const byOffset = (a: [number, string], b: [number, string]) => a[0] - b[0];
  return { records: records.sort(byOffset), hidden: hidden.sort(byOffset) };
}
