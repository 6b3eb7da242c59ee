import type { EndedTransaction, RecordRow, Sent } from '../../harness/history/records.ts';
import type { FaultWindow } from '../faults.ts';
import type { Outage } from '../outages.ts';
import type { BrokerMetadata, Leading, Registration, Reign, Span } from './metadata.ts';
import type { PartitionTraffic } from './records.ts';

/** What came after a fault was begun and before the next one was, layer by layer. The order is seen, the cause is not. */
export interface Consequences {
  fault: FaultWindow;
  landedNs: number;
  /** Times without an acknowledged write to ZooKeeper. */
  writeless: Outage[];
  /** Registrations of brokers that ended. */
  sessions: Registration[];
  controllers: Reign[];
  /** Partitions that got another leader, or lost theirs. */
  leaders: Leading[];
  quiet: (Span & { partition: string })[];
  late: Sent[];
  refused: Sent[];
  unknown: Sent[];
  lost: Sent[];
  /** Transactions that ended otherwise than was asked for, or nobody knows how. */
  transactions: EndedTransaction[];
}

export function consequencesOf(
  faults: readonly FaultWindow[],
  { registrations, controllers, leaders }: BrokerMetadata,
  partitions: readonly PartitionTraffic[],
  outages: readonly Outage[],
  rows: readonly RecordRow[],
): Consequences[] {
  const landed = faults
    .flatMap((fault) =>
      fault.landedNs === undefined ? [] : [{ fault, begunNs: fault.intentNs, landedNs: fault.landedNs }],
    )
    .sort((a, b) => a.begunNs - b.begunNs);
  const first = new Set(
    leaders.filter((each, i) => leaders.findIndex((o) => o.partition === each.partition) === i),
  );
  const transactions = rows.filter((row) => row.kind === 'transaction');
  return landed.map(({ fault, begunNs, landedNs }, i) => {
    const untilNs = landed[i + 1]?.begunNs ?? Number.POSITIVE_INFINITY;
    const within = (ns: number) => ns >= begunNs && ns < untilNs;
    // What was under way when the fault was begun is hit by it, too.
    const met = ({ returnedNs }: Sent | EndedTransaction) => within(returnedNs);
    const all = (of: 'late' | 'refused' | 'unknown') => partitions.flatMap((each) => each[of]).filter(met);
    return {
      fault,
      landedNs,
      writeless: outages.filter(({ toNs }) => within(toNs)),
      sessions: registrations.filter(({ ended, toNs }) => ended && within(toNs)),
      controllers: controllers.filter(({ fromNs }) => within(fromNs)),
      leaders: leaders.filter((each) => !first.has(each) && within(each.fromNs)),
      quiet: partitions.flatMap(({ partition, quiet }) =>
        quiet.filter(({ toNs }) => within(toNs)).map((span) => ({ partition, ...span })),
      ),
      late: all('late'),
      refused: all('refused'),
      unknown: all('unknown'),
      // Acknowledged before a fault destroys it: it is told with the fault that came next.
      lost: partitions
        .flatMap(({ lost = [] }) => lost)
        .filter(({ returnedNs }) => returnedNs < landedNs && returnedNs >= (landed[i - 1]?.landedNs ?? 0)),
      transactions: transactions.filter(
        (each) =>
          met(each) && (each.outcome !== 'ok' || each.records.some(({ outcome }) => outcome !== 'ok')),
      ),
    };
  });
}
