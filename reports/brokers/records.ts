import type { RecordRow, Sent } from '../../harness/history/records.ts';
import { recordsTopic } from '../../harness/topology/brokers.ts';
import type { Span } from './metadata.ts';

/** An answer that takes longer is late, and a partition without one so long is not available: far above what is usual. */
export const lateMs = 1000;

/** What clients of the brokers met with one partition. */
export interface PartitionTraffic {
  /** "records-0". */
  partition: string;
  acknowledged: number;
  /** A record was waiting, and none was acknowledged for longer than `lateMs`. */
  quiet: Span[];
  late: Sent[];
  refused: Sent[];
  unknown: Sent[];
  /** Acknowledged, and not in the log of the partition when it was last read; undefined where nobody read it. */
  lost: Sent[] | undefined;
}

/** By partition, in their order; empty where no record was sent. */
export function partitionTraffic(rows: readonly RecordRow[]): PartitionTraffic[] {
  const sent = rows.filter((row) => row.kind === 'sent');
  const partitions = [...new Set(sent.map(({ partition }) => partition))].sort((a, b) => a - b);
  return partitions.map((partition) => {
    const own = sent.filter((each) => each.partition === partition);
    const log = rows.findLast(
      (row) => row.kind === 'log' && row.witness === 'client' && row.partition === partition,
    );
    const there = log?.kind === 'log' ? new Set(log.records.map(([, value]) => value)) : undefined;
    const acked = own.filter(({ outcome }) => outcome === 'ok');
    return {
      partition: `${recordsTopic}-${partition}`,
      acknowledged: acked.length,
      quiet: quietIn(own),
      late: acked.filter(({ invokedNs, returnedNs }) => returnedNs - invokedNs > lateMs * 1e6),
      refused: own.filter(({ outcome }) => outcome === 'fail'),
      unknown: own.filter(({ outcome }) => outcome === 'unknown'),
      lost: there && acked.filter(({ value }) => !there.has(value)),
    };
  });
}

/**
 * It begins with the last acknowledgement, or with the first record sent after it (who asked for nothing was denied
 * nothing), and ends with the next acknowledgement or the last answer there is.
 */
function quietIn(sent: readonly Sent[]): Span[] {
  const rows = sent.toSorted((a, b) => a.returnedNs - b.returnedNs);
  const quiet: Span[] = [];
  let ackedNs = Number.NEGATIVE_INFINITY;
  let waitingNs = Number.POSITIVE_INFINITY;
  const note = (toNs: number) => {
    const fromNs = Math.max(ackedNs, waitingNs);
    if (toNs - fromNs > lateMs * 1e6) quiet.push({ fromNs, toNs });
  };
  for (const { invokedNs, returnedNs, outcome } of rows) {
    waitingNs = Math.min(waitingNs, invokedNs);
    if (outcome !== 'ok') continue;
    note(returnedNs);
    ackedNs = returnedNs;
    waitingNs = Number.POSITIVE_INFINITY;
  }
  if (rows.length > 0) note(rows.at(-1)!.returnedNs);
  return quiet;
}
