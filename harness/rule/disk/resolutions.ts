import { isRefusal, type Transaction } from '../../datadir/transaction.ts';
import { isQuorum } from '../../topology/quorum.ts';
import type { Evidence } from '../rule.ts';
import type { Account } from '../tree/account.ts';
import { write } from '../tree/roles.ts';
import { type Claim, strangerTo } from './claims.ts';
import { type Disks, requestKey } from './server-history.ts';

/** What the disks say became of a write without an answer. */
type Fate = 'applied' | 'refused' | 'givenUp' | 'never' | 'undecided';

/** How many writes without an answer met each fate. */
export function resolutions(evidence: Evidence, disks: Disks, account: Account): Record<Fate, number> {
  const fates: Record<Fate, number> = { applied: 0, refused: 0, givenUp: 0, never: 0, undecided: 0 };
  const answered = answeredZxids(evidence, account);
  for (const { row, updates } of account.told.lost) {
    const unclaimed = transactionsOf(evidence, disks, account, row).filter(({ zxid }) => !answered.has(zxid));
    const claim: Claim = { row, zxid: 0, because: 'seen', updates };
    const own = unclaimed.find((each) => strangerTo(evidence, account.sessions, claim, each) === undefined);
    if (own) fates[fateOf(evidence, disks, own)]++;
    else if (unclaimed.some(isRefusal)) fates.refused++;
    else fates[canRuleOut(evidence, disks, row) ? 'never' : 'undecided']++;
  }
  return fates;
}

/** A session that moves to another server counts its requests anew, so a number alone may be another request's. */
function answeredZxids({ history }: Evidence, { roles }: Account): Set<number> {
  const zxids = new Set<number>();
  for (let row = 0; row < history.length; row++) {
    if (roles[row] === write) zxids.add(history.zxid[row]!);
  }
  return zxids;
}

function transactionsOf(
  { history }: Evidence,
  { requests }: Disks,
  { sessions }: Account,
  row: number,
): readonly Transaction[] {
  const { id } = sessions.of(history.session[row]!);
  return id === undefined ? [] : (requests.get(requestKey(id, history.xid[row]!)) ?? []);
}

function fateOf({ topology }: Evidence, { histories }: Disks, { zxid }: Transaction): Fate {
  const holdings = histories.map(({ server, holding }) => ({ sid: server.sid, kind: holding(zxid) }));
  if (holdings.some(({ kind }) => kind === 'missing')) return 'givenUp';
  const holders = holdings.filter(({ kind }) => kind === 'logged' || kind === 'inSnapshot');
  return isQuorum(topology, new Set(holders.map(({ sid }) => sid))) ? 'applied' : 'undecided';
}

/** A log without a break that is whole would have it; a request without a number cannot be looked up. */
function canRuleOut({ history }: Evidence, { histories }: Disks, row: number): boolean {
  return (
    history.xid[row]! > 0 &&
    histories.some(
      ({ stretches, damage }) => stretches.length === 1 && stretches[0]!.base === 0 && damage === undefined,
    )
  );
}
