import { isRefusal, type Transaction } from '../../datadir/transaction.ts';
import { isQuorum } from '../../topology/quorum.ts';
import type { Topology } from '../../topology/topology.ts';
import { type Roles, write } from '../tree/roles.ts';
import type { Sessions } from '../tree/sessions.ts';
import type { Told } from '../tree/told.ts';
import type { Lost } from '../tree/updates.ts';
import { type Disks, requestKey } from './server-history.ts';
import { strangerTo } from './stranger.ts';

/** What the disks say became of a write without an answer. */
export type Fate = 'applied' | 'refused' | 'givenUp' | 'never' | 'undecided';

/** `transaction`: the write as it was logged, when its fate is `applied`. */
export type Met = { fate: 'applied'; transaction: Transaction } | { fate: Exclude<Fate, 'applied'> };

interface Asked {
  told: Told;
  roles: Roles;
  sessions: Sessions;
  topology: Topology;
}

/**
 * The fate of every write without an answer, by the servers' logs. A write is looked up by its session and the number of
 * its request. A session that moves to another server counts its requests anew, so a number alone may be another
 * request's: what was answered is nobody else's, and where two writes may be the same transaction neither is decided.
 */
export function fatesOf(asked: Asked, disks: Disks): Map<Lost, Met> {
  const answered = answeredZxids(asked);
  const rulesOut = disks.histories.some(
    ({ stretches, damage, holding }) =>
      stretches.length === 1 &&
      damage === undefined &&
      answered.size > 0 &&
      [...answered].every((zxid) => holding(zxid) === 'logged'),
  );
  const askers = new Map<string | undefined, number>();
  for (const { row } of asked.told.lost) {
    const key = keyOf(asked, row);
    askers.set(key, (askers.get(key) ?? 0) + 1);
  }
  return new Map(
    asked.told.lost.map((lost): [Lost, Met] => {
      const key = keyOf(asked, lost.row);
      if (key === undefined || askers.get(key) !== 1) return [lost, { fate: 'undecided' }];
      const logged = (disks.requests.get(key) ?? []).filter(({ zxid }) => !answered.has(zxid));
      return [lost, met(asked, disks, lost, logged, rulesOut)];
    }),
  );
}

function met(
  { told, sessions, topology }: Asked,
  disks: Disks,
  { row, updates, done }: Lost,
  logged: readonly Transaction[],
  rulesOut: boolean,
): Met {
  const claim = { row, zxid: 0, because: 'seen', updates } as const;
  const own = logged.filter(
    (each) => !isRefusal(each) && strangerTo(told, sessions, claim, each) === undefined,
  );
  if (own.length > 1) return { fate: 'undecided' };
  const [transaction] = own;
  if (transaction) {
    const fate = fateOf(topology, disks, transaction);
    return fate === 'applied' ? { fate, transaction } : { fate };
  }
  if (done) return { fate: 'undecided' };
  if (logged.some(isRefusal)) return { fate: 'refused' };
  // A log with every transaction that anybody was told of would have this one, too.
  return { fate: rulesOut ? 'never' : 'undecided' };
}

function answeredZxids({ told: { history }, roles }: Asked): Set<number> {
  const zxids = new Set<number>();
  for (let row = 0; row < history.length; row++) {
    if (roles[row] === write) zxids.add(history.zxid[row]!);
  }
  return zxids;
}

/** Undefined for a request that cannot be looked up: its session has no id, or it has no number. */
function keyOf({ told: { history }, sessions }: Asked, row: number): string | undefined {
  const { id } = sessions.of(history.session[row]!);
  const xid = history.xid[row]!;
  return id === undefined || xid <= 0 ? undefined : requestKey(id, xid);
}

function fateOf(
  topology: Topology,
  { histories }: Disks,
  { zxid }: Transaction,
): 'applied' | 'givenUp' | 'undecided' {
  const holdings = histories.map(({ server, holding }) => ({ sid: server.sid, kind: holding(zxid) }));
  if (holdings.some(({ kind }) => kind === 'missing')) return 'givenUp';
  const holders = holdings.filter(({ kind }) => kind === 'logged' || kind === 'inSnapshot');
  return isQuorum(topology, new Set(holders.map(({ sid }) => sid))) ? 'applied' : 'undecided';
}
