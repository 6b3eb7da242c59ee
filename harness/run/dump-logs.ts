import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Trouble } from '../base/trouble.ts';
import { runCommand } from '../distribution/run-command.ts';
import type { CommittedLog, PartitionLog } from '../history/records.ts';
import { recordsTopic, transactionsTopic } from '../topology/brokers.ts';
import { nodeName, type Topology } from '../topology/topology.ts';
import { evidenceFolder } from './collect-transactions.ts';
import type { ScenarioOrder } from './events.ts';

/** One JVM that reads some megabytes, on a busy machine. */
const dumpMs = 60_000;
const jvmFlags = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];
const tool = 'kafka.tools.DumpLogSegments';

/**
 * What every broker's disk holds of every partition, read by Kafka's own DumpLogSegments from the data directories that
 * were kept as evidence, and added to the records' history: a witness that shares no code with the client. It is of the
 * release that the brokers run, from their image where they are containers.
 */
export async function dumpLogs(
  order: Pick<ScenarioOrder, 'directory' | 'runId' | 'servers'>,
  historyPath: string,
  { kafka }: Topology,
): Promise<void> {
  if (!kafka) return;
  const evidence = join(order.directory, evidenceFolder);
  const segments = kafka.nodes.flatMap((node) => segmentsOf(evidence, node));
  if (segments.length === 0) return;
  const paths = segments.map(({ path }) => path);
  const { code, output } = await runTool(order, kafka.version, evidence, paths);
  if (code !== 0)
    throw new Trouble(
      'DumpLogSegments',
      output.trim().split('\n').at(-1) || `exit code ${code}`,
      'run again',
    );
  for (const row of logsIn(output, segments)) appendFileSync(historyPath, `${JSON.stringify(row)}\n`);
}

async function runTool(
  { directory, runId, servers }: Pick<ScenarioOrder, 'directory' | 'runId' | 'servers'>,
  version: string,
  evidence: string,
  paths: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const args = ['--print-data-log', '--files', paths.join(',')];
  if (servers.backend === 'docker') {
    const image = servers.brokers?.[version];
    if (!image) throw new Error(`Kafka ${version} ran and has no image`);
    // The client of the engine takes a quarter of a second to load, which the sandbox need not wait for.
    const { runInImage } = await import('../backend/docker/run-in-image.ts');
    return runInImage(servers, {
      image: image.name,
      // Confluent's packages leave out the ending that Kafka's own scripts have.
      script: 'exec "$(command -v kafka-run-class || command -v kafka-run-class.sh)" "$@"',
      args: [tool, ...args],
      env: { KAFKA_HEAP_OPTS: jvmFlags.join(' ') },
      files: { directory: evidence, paths },
      run: { id: runId, scenario: basename(directory) },
      deadlineMs: dumpMs,
    });
  }
  const release = servers.backend === 'sandbox' ? servers.kafka?.[version] : undefined;
  if (servers.backend !== 'sandbox' || !release) throw new Error(`Kafka ${version} ran and was not fetched`);
  const command = [...jvmFlags, '-cp', release.classpath.join(':'), tool, ...args];
  return runCommand(servers.java, command, { cwd: evidence, deadlineMs: dumpMs });
}

export interface Segment {
  node: number;
  topic: string;
  partition: number;
  /** In the folder of evidence. */
  path: string;
}

/** In the order of their offsets, which are their names. */
function segmentsOf(evidence: string, node: number): Segment[] {
  const data = join(nodeName(node), 'data');
  if (!existsSync(join(evidence, data))) return [];
  return readdirSync(join(evidence, data))
    .flatMap((folder) => {
      const [, topic, partition] = folderPattern.exec(folder) ?? [];
      return topic === undefined ? [] : [{ folder, topic, partition: Number(partition) }];
    })
    .flatMap(({ folder, topic, partition }) =>
      readdirSync(join(evidence, data, folder))
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
