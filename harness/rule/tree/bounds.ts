import type { History } from '../../history/history.ts';
import { type OpKind, opKinds, outcomes } from '../../history/op.ts';
import { type Lost, orderedRefusals } from './updates.ts';

const kindsOf = (...names: OpKind[]) => {
  const table = new Uint8Array(opKinds.length);
  for (const name of names) table[opKinds.indexOf(name)] = 1;
  return table;
};
/** Operations that are a transaction of their own. */
const writeKinds = kindsOf('create', 'delete', 'setData', 'setACL', 'multi', 'close');
/** Rows whose zxid is no answer to a request of this client. */
const unasked = kindsOf('connect', 'expired', 'event');
const ok = outcomes.indexOf('ok');
const fail = outcomes.indexOf('fail');

/** A write whose header zxid is its own: acknowledged, or refused in zxid order. */
export function isOrderedWrite(history: History, row: number): boolean {
  if (writeKinds[history.kind[row]!] === 0 || history.zxid[row]! <= 0) return false;
  const outcome = history.outcome[row];
  return outcome === ok || (outcome === fail && orderedRefusals.has(history.error[row]!));
}

/** An answer that shows which state the server was in. */
export function isAnswer(history: History, row: number): boolean {
  const outcome = history.outcome[row];
  return history.zxid[row]! > 0 && (outcome === ok || outcome === fail) && unasked[history.kind[row]!] === 0;
}

/** For every row the highest zxid among the answers that had returned before it was invoked, and the row of that answer. */
export interface Floors {
  zxid: Float64Array;
  row: Int32Array;
}

/**
 * One sweep over invocations and returns in order of time. Touching intervals count as concurrent.
 * A single maximum is enough: it is at least the position of everything that returned before.
 */
export function floorsOf(history: History): Floors {
  const { length, invokedNs, returnedNs, zxid } = history;
  const byInvocation = rowsBy(invokedNs);
  const byReturn = rowsBy(returnedNs).filter((row) => isAnswer(history, row));
  const floors = { zxid: new Float64Array(length), row: new Int32Array(length).fill(-1) };
  let max = 0;
  let maxRow = -1;
  let next = 0;
  for (const row of byInvocation) {
    for (; next < byReturn.length && returnedNs[byReturn[next]!]! < invokedNs[row]!; next++) {
      const returned = byReturn[next]!;
      if (zxid[returned]! > max) {
        max = zxid[returned]!;
        maxRow = returned;
      }
    }
    floors.zxid[row] = max;
    floors.row[row] = maxRow;
  }
  return floors;
}

function rowsBy(column: Float64Array): Int32Array {
  const rows = new Int32Array(column.length);
  let sorted = true;
  for (let i = 0; i < rows.length; i++) {
    rows[i] = i;
    if (i > 0 && column[i]! < column[i - 1]!) sorted = false;
  }
  return sorted ? rows : rows.sort((a, b) => column[a]! - column[b]! || a - b);
}

/** Rows of each session in the order its client sent them. */
export function rowsInSendOrder(history: History): Map<number, number[]> {
  const sessions = new Map<number, number[]>();
  for (let row = 0; row < history.length; row++) {
    const rows = sessions.get(history.session[row]!);
    if (rows) rows.push(row);
    else sessions.set(history.session[row]!, [row]);
  }
  const { invokedNs, xid } = history;
  for (const rows of sessions.values()) {
    rows.sort((a, b) => invokedNs[a]! - invokedNs[b]! || xid[a]! - xid[b]! || a - b);
  }
  return sessions;
}

/**
 * Between which zxids a write without an answer must stand if it was applied: behind everything that had returned when
 * it was invoked and everything its session sent before; ahead of every acknowledged update its session sent after it
 * ("updates from a client will be applied in the order that they were sent").
 */
export function boundLost(
  history: History,
  lost: readonly Lost[],
  floors: Floors,
  sent: ReadonlyMap<number, readonly number[]>,
): void {
  const byRow = new Map(lost.map((each) => [each.row, each]));
  for (const session of new Set(lost.map((each) => each.session))) {
    const rows = sent.get(session) ?? [];
    let before = Number.POSITIVE_INFINITY;
    for (let i = rows.length - 1; i >= 0; i--) {
      const row = rows[i]!;
      const each = byRow.get(row);
      if (each) each.before = before;
      if (isOrderedWrite(history, row)) before = Math.min(before, history.zxid[row]!);
    }
    let after = 0;
    for (const row of rows) {
      const each = byRow.get(row);
      if (each) each.after = Math.max(after, floors.zxid[row]!);
      if (isAnswer(history, row)) after = Math.max(after, history.zxid[row]!);
    }
  }
}
