import { type Change, isRefusal, type Transaction } from '../../datadir/transaction.ts';
import type { History } from '../../history/history.ts';
import { opKinds } from '../../history/op.ts';
import type { Sessions } from '../tree/sessions.ts';
import { isSequential, suffixOf, type Update } from '../tree/updates.ts';

/** What a client was told, or saw, about one request: that it is the transaction with this zxid. */
export interface Claim {
  row: number;
  zxid: number;
  /** `seen`: nobody answered, but somebody saw its effect. */
  because: 'acknowledged' | 'refused' | 'seen';
  updates: readonly Update[];
}

/** What in a transaction is not what the request was; undefined when it is that request's. */
export function strangerTo(
  { history }: { history: History },
  sessions: Sessions,
  claim: Claim,
  transaction: Transaction,
): string | undefined {
  const { row, because, updates } = claim;
  const id = sessions.of(history.session[row]!).id;
  if (id !== undefined && id !== transaction.session.replace(/^0+(?=.)/, '')) return 'another session';
  const xid = history.xid[row]!;
  if (xid > 0 && xid !== transaction.cxid) return `request ${transaction.cxid} of the session, not ${xid}`;
  if (because === 'refused') return refusalIn(transaction, history.error[row]!);
  if (history.kind[row] === opKinds.indexOf('close')) {
    return transaction.type === 'closeSession' ? undefined : 'not the end of a session';
  }
  if (history.kind[row] !== opKinds.indexOf('multi')) return strangeChange(updates[0]!, transaction);
  if (transaction.type !== 'multi') return 'not a multi';
  const { parts } = transaction;
  return updates
    .map((update) => strangeChange(update, parts[update.part]))
    .find((strange) => strange !== undefined);
}

function refusalIn(change: Change, error: number): string | undefined {
  if (change.type === 'error')
    return change.error === error ? undefined : `error ${change.error}, not ${error}`;
  return isRefusal(change) ? undefined : 'not a refusal';
}

const types: Record<Update['kind'], readonly Change['type'][]> = {
  create: ['create', 'create2', 'createContainer', 'createTTL'],
  delete: ['delete'],
  setData: ['setData'],
  setACL: ['setACL'],
  check: ['check'],
};

function strangeChange(update: Update, change: Change | undefined): string | undefined {
  if (!change || !types[update.kind].includes(change.type)) return `not a ${update.kind}`;
  const path = 'path' in change ? change.path : '';
  if (!isPathOf(update, path)) return `a ${update.kind} of ${path}`;
  if (update.kind !== 'create' && update.kind !== 'setData') return undefined;
  const value = 'value' in change ? change.value : null;
  return (value ?? '') === (update.value ?? '') ? undefined : `the value ${JSON.stringify(value)}`;
}

/** A sequential create without an answer is known by its prefix only. */
function isPathOf(update: Update, path: string): boolean {
  if (update.path === path) return true;
  const unnamed = update.kind === 'create' && isSequential(update) && update.path === update.asked;
  return unnamed && suffixOf({ path, asked: update.asked }) !== undefined;
}
