import { unmet } from './matching.ts';
import type { Breach, Demand } from './node-life.ts';
import { mayBeOver, type Sessions } from './sessions.ts';
import type { Told } from './told.ts';
import { isEphemeral, isMortal, isUnnamed, type Lost, type Update, withoutSuffix } from './updates.ts';

interface Offer {
  owner: Lost;
  update: Update;
}

/**
 * Demands that no lost write can meet, whichever way they are assigned. `fresh`: the tree began with this history.
 */
export function unaccounted(
  told: Told,
  demands: readonly Demand[],
  sessions: Sessions,
  fresh: boolean,
): Breach[] {
  const { names } = told.paths;
  const lost = told.lost;
  const offers = grouped(
    // Also a part of a multi that was seen, when nobody saw what the part made.
    lost.flatMap((owner) => owner.updates.flatMap((update) => (update.zxid > 0 ? [] : { owner, update }))),
    ({ update }) => keyOf(update.kind, update.node),
  );
  const open = demands.filter((demand) => !demand.orphan || (fresh && !mayEndWithOwner(demand)));
  return [...grouped(open, ({ kind, node }) => keyOf(kind, node))]
    .flatMap(([key, each]) =>
      unmet(each, offers.get(key) ?? [], (demand, offer) => fits(told, demand, offer)),
    )
    .map(({ breach }) => breach)
    .filter((breach) => !excused(told, breach));

  function keyOf(kind: Demand['kind'] | Update['kind'], node: number): string {
    return `${kind} ${kind === 'create' ? withoutSuffix(names[node]!) : names[node]}`;
  }

  /** Whether the lost create behind a node nobody saw the Stat of may have made one that ends by itself. */
  function mayEndWithOwner({ node, upTo }: Demand): boolean {
    return (offers.get(keyOf('create', node)) ?? []).some(
      ({ owner, update }) =>
        isMortal(update) || (isEphemeral(update) && mayBeOver(sessions.of(owner.session), upTo)),
    );
  }
}

/** A node that lost writes may have deleted and created anew can have any version in between. */
export function excused({ lost }: Told, { unlessReborn, path }: Breach): boolean {
  if (!unlessReborn) return false;
  const may = (kind: Update['kind']) =>
    lost.some((each) => each.updates.some((update) => update.kind === kind && update.path === path));
  return may('delete') && may('create');
}

function fits({ paths, texts }: Told, demand: Demand, { owner, update }: Offer): boolean {
  const { node, after, upTo, version, text } = demand;
  const name = paths.names[node]!;
  if ((isUnnamed(update) ? withoutSuffix(name) : name) !== update.path) return false;
  if (text !== undefined && !texts.same(text, update.text)) return false;
  if (
    demand.kind !== 'setACL' &&
    version !== undefined &&
    update.version >= 0 &&
    update.version !== version - 1
  ) {
    return false;
  }
  if (owner.zxid > 0) return after < owner.zxid && owner.zxid <= upTo;
  return Math.max(after, owner.after) < Math.min(upTo, owner.before - 1);
}

function grouped<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const there = groups.get(key);
    if (there) there.push(each);
    else groups.set(key, [each]);
  }
  return groups;
}
