import { type Change, isRefusal, type Transaction } from '../../datadir/transaction.ts';
import { opKinds, outcomes } from '../../history/op.ts';
import type { Evidence } from '../rule.ts';
import { accountOf, acknowledgedUpdates } from '../tree/account.ts';
import { write } from '../tree/roles.ts';
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

/** Every answer that stands for a transaction, and every write without an answer whose zxid was found out. */
export function claimsOf(evidence: Evidence): Claim[] {
  const { history } = evidence;
  const account = accountOf(evidence);
  const { roles, resolved } = account;
  const ok = outcomes.indexOf('ok');
  const updates = byRow(acknowledgedUpdates(account));
  const close = opKinds.indexOf('close');
  const claims: Claim[] = [];
  for (let row = 0; row < history.length; row++) {
    if (roles[row] !== write) continue;
    const acknowledged = history.outcome[row] === ok;
    const own = updates.get(row) ?? [];
    // Outside the workload's tree nothing is known of what was asked for.
    if (acknowledged && own.length === 0 && history.kind[row] !== close) continue;
    claims.push({
      row,
      zxid: history.zxid[row]!,
      because: acknowledged ? 'acknowledged' : 'refused',
      updates: own,
    });
  }
  for (const [row, own] of byRow(resolved)) {
    claims.push({ row, zxid: own[0]!.zxid, because: 'seen', updates: own });
  }
  return claims;
}

function byRow(updates: readonly Update[]): Map<number, Update[]> {
  const rows = new Map<number, Update[]>();
  for (const update of updates) {
    const there = rows.get(update.row);
    if (there) there.push(update);
    else rows.set(update.row, [update]);
  }
  return rows;
}

/** What in a transaction is not what the request was; undefined when it is that request's. */
export function strangerTo(
  { history }: Evidence,
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
