import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerSource } from '../backend/server-source.ts';
import { Trouble } from '../base/trouble.ts';
import { runCommand } from '../distribution/run-command.ts';
import type { PartitionLog } from '../history/records.ts';
import { recordsTopic } from '../topology/brokers.ts';
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
  partition: number;
  path: string;
}

/** In the order of their offsets, which are their names. */
function segmentsOf(evidence: string, node: number): Segment[] {
  const data = join(evidence, nodeName(node), 'data');
  if (!existsSync(data)) return [];
  return readdirSync(data)
    .flatMap((folder) => {
      const partition = new RegExp(`^${recordsTopic}-(\\d+)$`).exec(folder)?.[1];
      return partition === undefined ? [] : [{ folder, partition: Number(partition) }];
    })
    .flatMap(({ folder, partition }) =>
      readdirSync(join(data, folder))
        .filter((file) => file.endsWith('.log'))
        .sort()
        .map((file) => ({ node, partition, path: join(data, folder, file) })),
    );
}

/** The logs in what DumpLogSegments prints, a partition of a broker each; throws when a segment is missing there. */
export function logsIn(output: string, segments: readonly Segment[]): PartitionLog[] {
  const byPath = new Map(segments.map((segment) => [segment.path, segment]));
  const logs = new Map<string, PartitionLog>();
  let records: PartitionLog['records'] | undefined;
  for (const line of output.split('\n')) {
    const path = /^Dumping (.*)$/.exec(line)?.[1];
    if (path !== undefined) {
      const segment = byPath.get(path);
      if (!segment) throw new Error(`DumpLogSegments read ${path}, which nobody asked for`);
      byPath.delete(path);
      const { node, partition } = segment;
      const key = `${node}/${partition}`;
      if (!logs.has(key)) logs.set(key, { kind: 'log', witness: 'disk', node, partition, records: [] });
      records = logs.get(key)!.records;
      continue;
    }
    const [, offset, value] = /^\| offset: (\d+) .* payload: (.*)$/.exec(line) ?? [];
    if (offset !== undefined) records!.push([Number(offset), value!]);
  }
  if (byPath.size > 0) throw new Error(`DumpLogSegments did not read ${[...byPath.keys()].join(', ')}`);
  return [...logs.values()];
}
