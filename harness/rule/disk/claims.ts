import { opKinds, outcomes } from '../../history/op.ts';
import type { Evidence } from '../rule.ts';
import { accountOf, acknowledgedUpdates } from '../tree/account.ts';
import { write } from '../tree/roles.ts';
import type { Update } from '../tree/updates.ts';
import type { Claim } from './stranger.ts';

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
