import { sortedBy } from './order.ts';
import type { Sessions } from './sessions.ts';
import { absent, present } from './sightings.ts';
import { unsaid } from './texts.ts';
import type { Listing, Told } from './told.ts';
import { creates, deletes, isEphemeral, type Updates } from './updates.ts';

/** Something said of one child, for the replay of its parent's lists. */
interface Step {
  zxid: number;
  /** At one zxid updates come first, then ends of sessions, then what was seen. */
  rank: number;
  child: number;
  there: boolean;
  /** Only if this session created the child: its end deletes nothing else. */
  of: number;
}

const anyone = -1;

/**
 * Adds to the sightings what lists of children say about single children, where that is news: names listed that are not
 * known to be there, and names missing that are. What a list merely confirms is left out, or long lists would multiply.
 */
export function sightChildren(told: Told, isParent: Uint8Array, sessions: Sessions): void {
  const { updates } = told;
  const parents = new Map<number, { lists: Listing[]; steps: Step[] }>();
  const add = (listing: Listing) => {
    const there = parents.get(listing.node);
    if (there) there.lists.push(listing);
    else parents.set(listing.node, { lists: [listing], steps: [] });
  };
  for (const listing of told.listings) add(listing);
  // What is deleted has no children, so the delete of a parent says as much as an empty list.
  for (let i = 0; i < updates.length; i++) {
    const node = updates.node[i]!;
    if (updates.kind(i) !== deletes || isParent[node] !== 1) continue;
    add({ row: updates.row(i), zxid: updates.zxid[i]!, node, names: [] });
  }
  if (parents.size === 0) return;
  const stepsOf = (child: number) => parents.get(told.paths.parentOf(child))?.steps;
  collectUpdates(updates, sessions, stepsOf);
  const { sightings } = told;
  for (let i = 0; i < sightings.length; i++) {
    const child = sightings.node[i]!;
    const there = sightings.seen(i) !== absent;
    stepsOf(child)?.push({ zxid: sightings.zxid[i]!, rank: 2, child, there, of: anyone });
  }
  for (const { lists, steps } of parents.values()) sightNews(told, lists, steps);
}

function collectUpdates(
  updates: Updates,
  sessions: Sessions,
  stepsOf: (child: number) => Step[] | undefined,
): void {
  for (let i = 0; i < updates.length; i++) {
    const child = updates.node[i]!;
    const steps = stepsOf(child);
    if (!steps) continue;
    const kind = updates.kind(i);
    const session = updates.sessionOf(i);
    const of = kind === creates ? session : anyone;
    steps.push({ zxid: updates.zxid[i]!, rank: 0, child, there: kind !== deletes, of });
    const { closeZxid } = sessions.of(session);
    if (kind === creates && isEphemeral({ mode: updates.mode(i) }) && closeZxid > 0) {
      steps.push({ zxid: closeZxid, rank: 1, child, there: false, of: session });
    }
  }
}

function sightNews(told: Told, lists: readonly Listing[], steps: Step[]): void {
  const { paths, sightings } = told;
  steps.sort((a, b) => a.zxid - b.zxid || a.rank - b.rank);
  const there = new Set<number>();
  const creators = new Map<number, number>();
  let next = 0;
  for (const at of sortedBy(
    Float64Array.from(lists, ({ zxid }) => zxid),
    lists.length,
  )) {
    const { row, zxid, node, names } = lists[at]!;
    for (; next < steps.length && steps[next]!.zxid <= zxid; next++) apply(steps[next]!);
    const prefix = `${paths.names[node]}/`;
    const listed = new Set(names.map((name) => paths.idOf(prefix + name)));
    for (const child of listed) if (!there.has(child)) sightings.push(row, zxid, child, present, -1, unsaid);
    for (const child of there) if (!listed.has(child)) sightings.push(row, zxid, child, absent, -1, unsaid);
    there.clear();
    for (const child of listed) there.add(child);
  }

  function apply(step: Step): void {
    if (step.rank === 1 && creators.get(step.child) !== step.of) return;
    if (step.rank === 0 && step.there && step.of !== anyone) creators.set(step.child, step.of);
    if (step.there) there.add(step.child);
    else there.delete(step.child);
  }
}
