import type { History } from '../../history/history.ts';
import { inPlace, sortedBy } from './order.ts';
import { answer, nothing, type Roles } from './roles.ts';
import type { Sessions } from './sessions.ts';

/** The order of time in a history: what had returned when something was invoked, and what each session sent in turn. */
export class Time {
  /** Rows in an order in which those of each session stand as its client sent them. */
  readonly sent: Int32Array;
  private readonly history: History;
  /** Times of return in order; and for each the row with the highest zxid among the answers up to there, -1 for none. */
  private readonly times: Float64Array;
  private readonly highest: Int32Array;
  private cursor = -1;

  constructor(history: History, roles: Roles, sessions: Sessions) {
    this.history = history;
    this.sent = sendOrder(history, roles, sessions);
    this.times = new Float64Array(history.length);
    this.highest = new Int32Array(history.length);
    const { zxid, returnedNs } = history;
    const returned = sortedBy(returnedNs, history.length);
    let max = -1;
    for (let place = 0; place < history.length; place++) {
      const row = returned[place]!;
      if (roles[row]! >= answer && (max < 0 || zxid[row]! > zxid[max]!)) max = row;
      this.times[place] = returnedNs[row]!;
      this.highest[place] = max;
    }
  }

  /**
   * The row with the highest zxid among the answers that had returned before this one was invoked; -1 for none. A single
   * one is enough: it is at least the position of everything that returned before. Touching intervals count as concurrent.
   */
  floor(row: number): number {
    const { times } = this;
    const atNs = this.history.invokedNs[row]!;
    // Rows are asked for nearly in order of time: the place is near the one found last. `low` is before, `high` is not.
    let low = this.cursor;
    let high = low + 1;
    for (let step = 1; high < times.length && times[high]! < atNs; step *= 2) {
      low = high;
      high += step;
    }
    for (let step = 1; low >= 0 && times[low]! >= atNs; step *= 2) {
      high = low;
      low -= step;
    }
    if (low < 0) low = -1;
    if (high > times.length) high = times.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle]! < atNs) low = middle;
      else high = middle;
    }
    this.cursor = low;
    return low < 0 ? -1 : this.highest[low]!;
  }
}

/**
 * A recorder writes a session's rows in the order they were sent: a connection is answered in turn, and what is given up
 * is given up in turn. Only where times contradict that are they sorted.
 */
function sendOrder(history: History, roles: Roles, { all, placeOf }: Sessions): Int32Array {
  const { invokedNs, xid } = history;
  const lastNs = new Float64Array(all.length);
  let inTurn = true;
  for (let row = 0; row < history.length && inTurn; row++) {
    if (roles[row] === nothing) continue;
    const place = placeOf[row]!;
    if (invokedNs[row]! < lastNs[place]!) inTurn = false;
    lastNs[place] = invokedNs[row]!;
  }
  if (inTurn) return inPlace(history.length);
  const order = sortedBy(invokedNs, history.length);
  // What was sent at the same instant is in the order of its numbers.
  for (let i = 1; i < order.length; i++) {
    const row = order[i]!;
    let j = i - 1;
    for (; j >= 0 && invokedNs[order[j]!] === invokedNs[row] && xid[order[j]!]! > xid[row]!; j--) {
      order[j + 1] = order[j]!;
    }
    order[j + 1] = row;
  }
  return order;
}
