import type { History } from '../../history/history.ts';
import { sortedBy } from './order.ts';
import { answer, type Roles, write } from './roles.ts';
import type { Sessions } from './sessions.ts';
import type { Time } from './time.ts';
import type { Lost } from './updates.ts';

/**
 * Between which zxids a write without an answer must stand if it was applied: behind everything that had returned when
 * it was invoked and everything its session sent before; ahead of every acknowledged update its session sent after it
 * ("updates from a client will be applied in the order that they were sent").
 */
export function boundLost(
  history: History,
  roles: Roles,
  lost: readonly Lost[],
  time: Time,
  { all, placeOf }: Sessions,
): void {
  if (lost.length === 0) return;
  const { zxid } = history;
  const lostAt = new Map(lost.map((each) => [each.row, each]));
  const isLost = new Uint8Array(history.length);
  for (const { row } of lost) isLost[row] = 1;
  const seen = new Float64Array(all.length);
  for (const row of time.sent) {
    const place = placeOf[row]!;
    if (isLost[row] === 1) {
      const floor = time.floor(row);
      lostAt.get(row)!.after = Math.max(seen[place]!, floor < 0 ? 0 : zxid[floor]!);
    } else if (roles[row]! >= answer && zxid[row]! > seen[place]!) seen[place] = zxid[row]!;
  }
  const next = new Float64Array(all.length).fill(Number.POSITIVE_INFINITY);
  for (let i = time.sent.length - 1; i >= 0; i--) {
    const row = time.sent[i]!;
    const place = placeOf[row]!;
    if (isLost[row] === 1) lostAt.get(row)!.before = next[place]!;
    else if (roles[row] === write && zxid[row]! < next[place]!) next[place] = zxid[row]!;
  }
  boundDone(
    history,
    roles,
    lost.filter(({ done }) => done),
  );
}

/** What was answered also stands ahead of every update that was invoked behind the answer. */
function boundDone(
  { length, invokedNs, returnedNs, zxid }: History,
  roles: Roles,
  done: readonly Lost[],
): void {
  if (done.length === 0) return;
  const writes = sortedBy(invokedNs, length).filter((row) => roles[row] === write);
  const least = new Float64Array(writes.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = writes.length - 1; i >= 0; i--) least[i] = Math.min(least[i + 1]!, zxid[writes[i]!]!);
  for (const each of done) {
    const atNs = returnedNs[each.row]!;
    let low = 0;
    let high = writes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (invokedNs[writes[middle]!]! <= atNs) low = middle + 1;
      else high = middle;
    }
    each.before = Math.min(each.before, least[low]!);
  }
}
