import type { Contradictions } from './contradictions.ts';
import { isBirthExact, isDeathExact, type Life, mayHaveEnded } from './node-life.ts';
import type { Paths } from './paths.ts';
import { mayBeOver, type Sessions } from './sessions.ts';
import { notEmpty } from './sightings.ts';
import { isEphemeral, type Lost, type Update } from './updates.ts';

/** What is known of the children one node ever had. */
export interface Brood {
  lives: Life[];
  /** Exact births as (zxid, place in the multi), in order. */
  births: { zxid: number; part: number }[];
  /** Exact deaths, in order. */
  deaths: number[];
  /** Zxids by which children had certainly died, in order. */
  gone: number[];
  /** Lives whose birth nobody can date. */
  undated: Life[];
  /** Lost writes that may have created or deleted a child, and are not known to have been applied. */
  lostCreates: { owner: Lost; update: Update }[];
  lostDeletes: { owner: Lost; update: Update }[];
}

/** Broods by the number of the parent. */
export function broodsOf(
  paths: Paths,
  lives: readonly (readonly Life[] | undefined)[],
  lost: readonly Lost[],
): Map<number, Brood> {
  const broods = new Map<number, Brood>();
  const of = (child: number): Brood => {
    const parent = paths.parentOf(child);
    const known = broods.get(parent);
    if (known) return known;
    const brood = {
      lives: [],
      births: [],
      deaths: [],
      gone: [],
      undated: [],
      lostCreates: [],
      lostDeletes: [],
    };
    broods.set(parent, brood);
    return brood;
  };
  for (const [node, known] of lives.entries()) {
    if (known === undefined) continue;
    const brood = of(node);
    for (const life of known) {
      brood.lives.push(life);
      if (isBirthExact(life)) brood.births.push({ zxid: life.bornUpTo, part: life.part });
      else brood.undated.push(life);
      if (isDeathExact(life)) brood.deaths.push(life.diedUpTo);
      if (Number.isFinite(life.diedUpTo)) brood.gone.push(life.diedUpTo);
    }
  }
  for (const owner of lost) {
    if (owner.zxid > 0) continue;
    for (const update of owner.updates) {
      if (update.kind === 'create') of(update.node).lostCreates.push({ owner, update });
      if (update.kind === 'delete') of(update.node).lostDeletes.push({ owner, update });
    }
  }
  for (const brood of broods.values()) {
    brood.births.sort((a, b) => a.zxid - b.zxid || a.part - b.part);
    brood.deaths.sort((a, b) => a - b);
    brood.gone.sort((a, b) => a - b);
  }
  return broods;
}

/**
 * Compares a parent's counters with the children known: `cversion` = 2 x creates - children (DataNode.copyStat), pzxid is
 * the zxid of the last create or delete of a child (DataTree). Only for incarnations whose own creation is known,
 * because the counters begin there. `seen`: sightings of the parent in zxid order.
 */
export function checkCounters(
  node: number,
  brood: Brood,
  known: readonly Life[],
  seen: readonly number[],
  sessions: Sessions,
  found: Contradictions,
): void {
  const { sightings, stats } = found.told;
  const begun = new Map(known.filter(isBirthExact).map(({ bornUpTo, part }) => [bornUpTo, part]));
  let [lastCreates, lastDeletes, incarnation] = [0, 0, 0];
  found.node = node;
  for (const at of seen) {
    const stat = sightings.stat(at);
    const zxid = sightings.zxid[at]!;
    const row = sightings.row(at);
    if (sightings.seen(at) === notEmpty && isCertainlyEmpty(brood, zxid)) {
      found.breach('refused to be deleted because of children, and had none', zxid, row, -1);
    }
    if (stat < 0 || !begun.has(stats.czxid(stat))) continue;
    const czxid = stats.czxid(stat);
    const cversion = stats.cversion(stat);
    const numChildren = stats.numChildren(stat);
    const pzxid = stats.pzxid(stat);
    const creates = (cversion + numChildren) / 2;
    const deletes = (cversion - numChildren) / 2;
    if (czxid !== incarnation) [lastCreates, lastDeletes, incarnation] = [0, 0, czxid];
    const allBorn = countUpTo(brood.births, zxid, byZxid);
    const allDied = countUpTo(brood.deaths, zxid, itself);
    const born = allBorn - birthsBefore(brood, czxid, begun.get(czxid)!);
    const died = allDied - countUpTo(brood.deaths, czxid, itself);
    const say = (what: string) => found.breach(what, zxid, row, -1);
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
    const lastBirth = allBorn > 0 ? brood.births[allBorn - 1]!.zxid : 0;
    const lastDeath = allDied > 0 ? brood.deaths[allDied - 1]! : 0;
    const newest = Math.max(czxid, lastBirth, lastDeath);
    const settled = creates === born && deletes === died;
    if (pzxid < newest || (settled && pzxid !== newest)) {
      say(`has pzxid 0x${pzxid.toString(16)}, but its last child change was at 0x${newest.toString(16)}`);
    }
  }
}

/** Births before a part of a multi: children that the same multi makes after their parent are the parent's. */
function birthsBefore({ births }: Brood, zxid: number, part: number): number {
  let before = countUpTo(births, zxid, byZxid);
  const isLater = ({ zxid: at, part: own }: Brood['births'][number]) => at === zxid && own > part;
  while (before > 0 && isLater(births[before - 1]!)) before--;
  return before;
}

/** No child can have been there at `zxid`, whatever became of writes without an answer. */
function isCertainlyEmpty(brood: Brood, zxid: number): boolean {
  if (countUpTo(brood.births, zxid, byZxid) > countUpTo(brood.gone, zxid, itself)) return false;
  const mayBeThere = brood.lives.some(({ bornAfter, diedUpTo }) => bornAfter < zxid && diedUpTo > zxid);
  return !mayBeThere && !brood.lostCreates.some(({ owner }) => owner.after < zxid);
}

/** Children that may have been created by `zxid` without an exact zxid being known. */
export function hiddenBirths(brood: Brood, after: number, zxid: number): number {
  const windows = brood.undated.filter(({ bornUpTo, bornAfter }) => bornUpTo > after && bornAfter < zxid);
  const lost = brood.lostCreates.filter(({ owner }) => owner.after < zxid && owner.before > after + 1);
  return windows.length + lost.length;
}

function hiddenDeaths(brood: Brood, after: number, zxid: number, sessions: Sessions): number {
  const lives = brood.lives.filter((life) => {
    if (life.bornAfter >= zxid || life.diedUpTo <= after) return false;
    if (Number.isFinite(life.diedUpTo)) return !isDeathExact(life) && life.diedAfter < zxid;
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
