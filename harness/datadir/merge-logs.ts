import type { StoredRow } from './stored-transactions.ts';
import { sameTransaction, type Transaction } from './transaction.ts';

/** One server's transactions, in the order of its log. */
export interface LogOf {
  sid: number;
  transactions: Iterator<Transaction>;
}

interface Head {
  sid: number;
  rest: Iterator<Transaction>;
  next: Transaction;
}

/**
 * One row for what several servers have at the same place. Nothing is lost or put right: every server's rows keep the
 * order of its log, so a log that is not in order, or differs, stays so.
 */
export function* mergeLogs(logs: readonly LogOf[]): Generator<StoredRow> {
  let heads = logs.flatMap(({ sid, transactions }) => advanced(sid, transactions));
  while (heads.length > 0) {
    const lowest = heads.reduce((a, b) => (b.next.zxid < a.next.zxid ? b : a));
    const same = heads.filter((head) => head === lowest || sameTransaction(head.next, lowest.next));
    yield { transaction: fullest(same.map(({ next }) => next)), on: same.map(({ sid }) => sid) };
    heads = heads.flatMap((head) => (same.includes(head) ? advanced(head.sid, head.rest) : [head]));
  }
}

function advanced(sid: number, rest: Iterator<Transaction>): Head[] {
  const { done, value } = rest.next();
  return done ? [] : [{ sid, rest, next: value }];
}

const fullest = (all: readonly Transaction[]): Transaction =>
  all.find((each) => each.type === 'closeSession' && each.paths !== undefined) ?? all[0]!;
