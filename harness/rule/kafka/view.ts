import type {
  Committed,
  CommittedLog,
  EndedTransaction,
  GroupOffset,
  Joined,
  PartitionLog,
  Polled,
  RecordRow,
  Sent,
} from '../../history/records.ts';
import { recordsTopic } from '../../topology/brokers.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Evidence } from '../rule.ts';
import { count } from '../words.ts';

/** The rows of the records' history by what they are, in the order they were written. */
export interface RecordsView {
  sent: Sent[];
  joined: Joined[];
  polled: Polled[];
  committed: Committed[];
  groupOffsets: GroupOffset[];
  /** Read through the brokers. */
  clientLogs: PartitionLog[];
  /** Read from disks. */
  diskLogs: PartitionLog[];
  transactions: EndedTransaction[];
  committedLogs: CommittedLog[];
}

const views = new WeakMap<readonly RecordRow[], RecordsView>();

export function viewOf({ records = [] }: Pick<Evidence, 'records'>): RecordsView {
  const known = views.get(records);
  if (known) return known;
  const of = <K extends RecordRow['kind']>(kind: K) =>
    records.filter((row): row is Extract<RecordRow, { kind: K }> => row.kind === kind);
  const logs = of('log');
  const view = {
    sent: of('sent'),
    joined: of('joined'),
    polled: of('polled'),
    committed: of('committed'),
    groupOffsets: of('group-offset'),
    clientLogs: logs.filter(({ witness }) => witness === 'client'),
    diskLogs: logs.filter(({ witness }) => witness === 'disk'),
    transactions: of('transaction'),
    committedLogs: of('committed-log'),
  };
  views.set(records, view);
  return view;
}

export const partitionName = (partition: number) => `${recordsTopic}-${partition}`;

/** Who read a log: `by a client in phase "final"`, `from the disk of kafka2`. */
export const readingName = ({ phase, node }: Pick<PartitionLog, 'phase' | 'node'>) =>
  node === undefined ? `by a client in phase "${phase}"` : `from the disk of ${nodeName(node)}`;

/** Rows by partition, in their order. */
export function byPartition<T extends { partition: number }>(rows: readonly T[]): Map<number, T[]> {
  const map = new Map<number, T[]>();
  for (const row of rows) {
    const known = map.get(row.partition);
    if (known) known.push(row);
    else map.set(row.partition, [row]);
  }
  return map;
}

const shownMax = 6;

/** `offset 12 "p0-3", offset 13 "p1-4" and 20 more`. */
export function recordsInWords(records: readonly { offset: number; value: string }[]): string {
  const shown = records.slice(0, shownMax).map(({ offset, value }) => `offset ${offset} "${value}"`);
  const more = records.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Under which settings the records were sent, and whether Kafka promises to keep them under these. */
export function settingsInWords({ scenario: { records }, topology: { kafka } }: Evidence): string {
  if (!records || !kafka) return '';
  const acks = records.acks === 'all' ? 'all' : '1';
  const unclean = records.uncleanLeaderElection;
  const replicas = records.replicationFactor ?? Math.min(3, kafka.nodes.length);
  const insync = records.minInsyncReplicas ?? Math.min(2, replicas);
  const safe = acks === 'all' && !unclean && insync > 1;
  const said = `acks=${acks}, ${count(replicas, 'replica')}, min.insync.replicas=${insync}, unclean leader election ${unclean ? 'on' : 'off'}`;
  return safe
    ? `Under ${said} Kafka promises to keep them.`
    : `Kafka does not promise to keep them under ${said}; acknowledged they were.`;
}
