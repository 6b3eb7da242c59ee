import type { History } from '../history/history.ts';
import { epochOf, opKinds, outcomes, type Zxid } from '../history/op.ts';
import type { Election, WriteGap } from './ledger.ts';

/** What changes the tree; their reply headers carry their own zxid, hence the epoch of the leader that committed them. */
const writes: ReadonlySet<string> = new Set(['create', 'delete', 'setData', 'setACL', 'multi']);

/** Adds to each election that somebody won how long no client had a write acknowledged around it. */
export function withWriteGaps(elections: readonly Election[], history: History): Election[] {
  const acks = acknowledgements(history);
  return elections.map((election) => {
    const { epoch } = election;
    if (epoch === undefined) return election;
    const gap: WriteGap = {};
    for (const [acked, { firstNs, lastNs }] of acks) {
      if (acked < epoch) gap.lastAckNs = Math.max(gap.lastAckNs ?? 0, lastNs);
      if (acked === epoch) gap.firstAckNs = firstNs;
    }
    return { ...election, writes: gap };
  });
}

/** First and last acknowledged write of each epoch. */
function acknowledgements(history: History): Map<number, { firstNs: number; lastNs: number }> {
  const isWrite = opKinds.map((kind) => writes.has(kind));
  const ok = outcomes.indexOf('ok');
  const acks = new Map<number, { firstNs: number; lastNs: number }>();
  for (let row = 0; row < history.length; row++) {
    if (history.outcome[row] !== ok || !isWrite[history.kind[row]!] || !(history.zxid[row]! > 0)) continue;
    const epoch = epochOf(history.zxid[row]! as Zxid);
    const atNs = history.returnedNs[row]!;
    const known = acks.get(epoch);
    acks.set(epoch, {
      firstNs: Math.min(known?.firstNs ?? atNs, atNs),
      lastNs: Math.max(known?.lastNs ?? atNs, atNs),
    });
  }
  return acks;
}

/** ms between the two; undefined where one of them is missing. */
export function gapMs({ lastAckNs, firstAckNs }: WriteGap): number | undefined {
  return lastAckNs === undefined || firstAckNs === undefined ? undefined : (firstAckNs - lastAckNs) / 1e6;
}
