import type { Breach, Life } from './node-life.ts';
import { mayHaveEnded } from './node-life.ts';
import { mayBeOver, type Sessions } from './sessions.ts';
import { isEphemeral, type Lost, parentOf, type Sighting, type Update } from './updates.ts';

/** What is known of the children one node ever had. */
export interface Brood {
  lives: readonly Life[];
  /** Exact births as (zxid, place in the multi), in order. */
  births: readonly { zxid: number; part: number }[];
  /** Exact deaths, in order. */
  deaths: readonly number[];
  /** Lives whose birth nobody can date. */
  undated: readonly Life[];
  /** Lost writes that may have created or deleted a child, and are not known to have been applied. */
  lostCreates: readonly { owner: Lost; update: Update }[];
  lostDeletes: readonly { owner: Lost; update: Update }[];
}

export function broodsOf(
  lives: ReadonlyMap<string, readonly Life[]>,
  lost: readonly Lost[],
): Map<string, Brood> {
  interface Growing {
    lives: Life[];
    births: { zxid: number; part: number }[];
    deaths: number[];
    undated: Life[];
    lostCreates: { owner: Lost; update: Update }[];
    lostDeletes: { owner: Lost; update: Update }[];
  }
  const broods = new Map<string, Growing>();
  const of = (parent: string): Growing => {
    const known = broods.get(parent);
    if (known) return known;
    const brood = { lives: [], births: [], deaths: [], undated: [], lostCreates: [], lostDeletes: [] };
    broods.set(parent, brood);
    return brood;
  };
  for (const [path, each] of lives) {
    const brood = of(parentOf(path));
    for (const life of each) {
      brood.lives.push(life);
      if (isExact(life.born)) brood.births.push({ zxid: life.born.upTo, part: life.born.part });
      else brood.undated.push(life);
      if (life.died && isExact(life.died)) brood.deaths.push(life.died.upTo);
    }
  }
  for (const owner of lost.filter(({ zxid }) => zxid === 0)) {
    for (const update of owner.updates) {
      if (update.kind === 'create') of(parentOf(update.path)).lostCreates.push({ owner, update });
      if (update.kind === 'delete') of(parentOf(update.path)).lostDeletes.push({ owner, update });
    }
  }
  for (const brood of broods.values()) {
    brood.births.sort((a, b) => a.zxid - b.zxid || a.part - b.part);
    brood.deaths.sort((a, b) => a - b);
  }
  return broods;
}

const isExact = ({ after, upTo }: { after: number; upTo: number }) => after === upTo - 1;

/**
 * Compares a parent's counters with the children known: `cversion` = 2 x creates - children (DataNode.copyStat), pzxid is
 * the zxid of the last create or delete of a child (DataTree). Only for incarnations whose own creation is known,
 * because the counters begin there.
 */
export function checkCounters(
  path: string,
  brood: Brood,
  known: readonly Life[],
  sightings: readonly Sighting[],
  sessions: Sessions,
): { breaches: Breach[]; checked: number } {
  const breaches: Breach[] = [];
  let checked = 0;
  let lastCreates = 0;
  let lastDeletes = 0;
  let incarnation = 0;
  for (const { stat, zxid, row } of sightings) {
    if (!stat || !known.some(({ born }) => isExact(born) && born.upTo === stat.czxid)) continue;
    checked++;
    const { czxid, cversion, numChildren, pzxid } = stat;
    const creates = (cversion + numChildren) / 2;
    const deletes = (cversion - numChildren) / 2;
    if (czxid !== incarnation) {
      incarnation = czxid;
      lastCreates = 0;
      lastDeletes = 0;
    }
    const born = countUpTo(brood.births, zxid, byZxid) - countUpTo(brood.births, czxid, byZxid);
    const died = countUpTo(brood.deaths, zxid, itself) - countUpTo(brood.deaths, czxid, itself);
    const say = (what: string) => breaches.push({ path, what, rows: [row], zxid });
    if (!Number.isInteger(creates) || deletes < 0) {
      say(`has cversion ${cversion} with ${numChildren} children, which no history of children gives`);
    } else if (creates < Math.max(born, lastCreates) || deletes < Math.max(died, lastDeletes)) {
      const must = `${Math.max(born, lastCreates)} and ${Math.max(died, lastDeletes)}`;
      say(`counts ${creates} children created and ${deletes} deleted; at least ${must} were`);
    } else if (creates > born && creates > born + hiddenBirths(brood, czxid, zxid)) {
      say(
        `counts ${creates} children created, but only ${born} were, and lost writes cannot account for the rest`,
      );
    } else if (deletes > died && deletes > died + hiddenDeaths(brood, czxid, zxid, sessions)) {
      say(
        `counts ${deletes} children deleted, but only ${died} were, and lost writes cannot account for the rest`,
      );
    }
    lastCreates = Math.max(lastCreates, creates);
    lastDeletes = Math.max(lastDeletes, deletes);
    const newest = Math.max(
      czxid,
      lastUpTo(brood.births, zxid, byZxid),
      lastUpTo(brood.deaths, zxid, itself),
    );
    const settled = creates === born && deletes === died;
    if (pzxid < newest || (settled && pzxid !== newest)) {
      say(`has pzxid 0x${pzxid.toString(16)}, but its last child change was at 0x${newest.toString(16)}`);
    }
  }
  return { breaches, checked };
}

/** Children that may have been created by `zxid` without an exact zxid being known. */
export function hiddenBirths(brood: Brood, after: number, zxid: number): number {
  const windows = brood.undated.filter(({ born }) => born.upTo > after && born.after < zxid);
  const lost = brood.lostCreates.filter(({ owner }) => owner.after < zxid && owner.before > after + 1);
  return windows.length + lost.length;
}

function hiddenDeaths(brood: Brood, after: number, zxid: number, sessions: Sessions): number {
  const lives = brood.lives.filter((life) => {
    if (life.born.after >= zxid || (life.died && life.died.upTo <= after)) return false;
    if (life.died) return !isExact(life.died) && life.died.after < zxid;
    return life.mortal || mayHaveEnded(life, zxid, sessions);
  });
  const deletes = brood.lostDeletes.filter(({ owner }) => owner.after < zxid && owner.before > after + 1);
  // Created and gone again, both unseen.
  const flashes = brood.lostCreates.filter(
    ({ owner, update }) =>
      owner.after < zxid && isEphemeral(update) && mayBeOver(sessions.of(owner.session), zxid),
  );
  return lives.length + deletes.length + flashes.length;
}

const byZxid = ({ zxid }: { zxid: number }) => zxid;
const itself = (zxid: number) => zxid;

/** How many of a sorted list are at most `limit`. */
export function countUpTo<T>(list: readonly T[], limit: number, key: (item: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]!) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastUpTo<T>(list: readonly T[], limit: number, key: (item: T) => number): number {
  const count = countUpTo(list, limit, key);
  return count === 0 ? 0 : key(list[count - 1]!);
}
