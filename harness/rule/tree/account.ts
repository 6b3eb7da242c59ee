import type { History } from '../../history/history.ts';
import { root } from '../../workload/workload.ts';
import { boundLost, type Floors, floorsOf, rowsInSendOrder } from './bounds.ts';
import { type Brood, broodsOf, checkCounters } from './child-counts.ts';
import { childSightings } from './listings.ts';
import { unmet } from './matching.ts';
import { type Breach, type Demand, type Item, inZxidOrder, type NodeLife } from './node-life.ts';
import { replayNode } from './node-replay.ts';
import { resolveLost } from './resolve.ts';
import { mayBeOver, type Sessions, sessionsOf } from './sessions.ts';
import {
  isEphemeral,
  isMortal,
  isSequential,
  type Lost,
  type Sighting,
  type Told,
  tell,
  type Update,
  withoutSuffix,
} from './updates.ts';

/** One consistent account of what the servers did, rebuilt from what clients were told; and where it cannot be consistent. */
export interface Account {
  sessions: Sessions;
  floors: Floors;
  sent: ReadonlyMap<number, readonly number[]>;
  told: Told;
  /** Every update known to be applied: acknowledged, or lost and seen. */
  updates: readonly Update[];
  lost: readonly Lost[];
  /** Writes without an answer whose effect somebody saw. */
  resolved: readonly Update[];
  nodes: ReadonlyMap<string, NodeLife>;
  broods: ReadonlyMap<string, Brood>;
  breaches: readonly Breach[];
  /** How many answers were compared with the account. */
  compared: number;
  /** Whether the workload's tree was created within this history. */
  fresh: boolean;
}

const accounts = new WeakMap<History, Account>();

/** Several rules ask for the same account; it is made once. */
export function accountOf(history: History): Account {
  const known = accounts.get(history);
  if (known) return known;
  const account = makeAccount(history);
  accounts.set(history, account);
  return account;
}

function makeAccount(history: History): Account {
  const told = tell(history);
  const sessions = sessionsOf(history);
  const floors = floorsOf(history);
  const sent = rowsInSendOrder(history);
  boundLost(history, told.lost, floors, sent);
  const resolved = resolveLost(told.lost, told.updates, told.sightings);
  const updates = [...told.updates, ...resolved];
  const fresh = updates.some(({ kind, path }) => kind === 'create' && path === root);

  const items = itemsByPath(updates, told.sightings, sessions);
  for (const sighting of childSightings(items, told.listings)) addTo(items, sighting.path, asItem(sighting));
  const nodes = new Map<string, NodeLife>();
  const unseenDeletes = new Set(
    told.lost.flatMap(({ zxid, updates }) =>
      zxid > 0 ? [] : updates.filter(({ kind }) => kind === 'delete').map(({ path }) => path),
    ),
  );
  for (const [path, each] of items) {
    const setting = { sessions, fresh, mayBeDeleted: unseenDeletes.has(path) };
    nodes.set(path, replayNode(path, each.sort(inZxidOrder), setting));
  }
  const lives = new Map([...nodes].map(([path, node]) => [path, node.lives]));
  const broods = broodsOf(lives, told.lost);
  const counters = [...broods].map(([path, brood]) =>
    checkCounters(path, brood, lives.get(path) ?? [], sightingsOf(items.get(path)), sessions),
  );
  const breaches = [
    ...[...nodes.values()].flatMap((node) => node.breaches.filter((breach) => !excused(breach, told.lost))),
    ...unaccounted(nodes.values(), told.lost, sessions, fresh),
    ...counters.flatMap((each) => each.breaches),
  ];
  const compared = told.sightings.length + updates.length;
  return {
    sessions,
    floors,
    sent,
    told,
    updates,
    lost: told.lost,
    resolved,
    nodes,
    broods,
    breaches,
    compared,
    fresh,
  };
}

const asItem = (sighting: Sighting): Item => ({ at: 'sighting', zxid: sighting.zxid, sighting });

function sightingsOf(items: readonly Item[] | undefined): Sighting[] {
  return (items ?? []).flatMap((item) => (item.at === 'sighting' ? [item.sighting] : []));
}

function addTo(items: Map<string, Item[]>, path: string, item: Item): void {
  const there = items.get(path);
  if (there) there.push(item);
  else items.set(path, [item]);
}

function itemsByPath(
  updates: readonly Update[],
  sightings: readonly Sighting[],
  sessions: Sessions,
): Map<string, Item[]> {
  const items = new Map<string, Item[]>();
  const ends = new Set<string>();
  for (const update of updates) {
    addTo(items, update.path, { at: 'update', zxid: update.zxid, update });
    // The end of a session deletes its ephemerals in one transaction of its own.
    const { closeZxid, closeRow } = sessions.of(update.session);
    const key = `${update.session} ${update.path}`;
    if (update.kind !== 'create' || !isEphemeral(update) || closeZxid === 0 || ends.has(key)) continue;
    ends.add(key);
    const end: Item = { at: 'end-of-session', zxid: closeZxid, session: update.session, row: closeRow };
    addTo(items, update.path, end);
  }
  for (const sighting of sightings) addTo(items, sighting.path, asItem(sighting));
  return items;
}

/** Demands that no lost write can meet, whichever way they are assigned. */
function unaccounted(
  nodes: Iterable<NodeLife>,
  lost: readonly Lost[],
  sessions: Sessions,
  fresh: boolean,
): Breach[] {
  const offers = new Map<string, { owner: Lost; update: Update }[]>();
  for (const owner of lost.filter(({ zxid }) => zxid === 0)) {
    for (const update of owner.updates) {
      const key = `${update.kind} ${update.kind === 'create' ? withoutSuffix(update.path) : update.path}`;
      const there = offers.get(key);
      if (there) there.push({ owner, update });
      else offers.set(key, [{ owner, update }]);
    }
  }
  const demands = new Map<string, Demand[]>();
  for (const node of nodes) {
    for (const demand of node.demands) {
      const { kind, path } = demand;
      if (demand.orphan && (!fresh || mayEndWithOwner(demand))) continue;
      const key = `${kind} ${kind === 'create' ? withoutSuffix(path) : path}`;
      const there = demands.get(key);
      if (there) there.push(demand);
      else demands.set(key, [demand]);
    }
  }
  return [...demands]
    .flatMap(([key, each]) => unmet(each, offers.get(key) ?? [], fits))
    .map(({ breach }) => breach)
    .filter((breach) => !excused(breach, lost));

  /** Whether the lost create behind a node nobody saw the Stat of may have made one that ends by itself. */
  function mayEndWithOwner({ path, upTo }: Demand): boolean {
    return (offers.get(`create ${withoutSuffix(path)}`) ?? []).some(
      ({ owner, update }) =>
        isMortal(update) || (isEphemeral(update) && mayBeOver(sessions.of(owner.session), upTo)),
    );
  }
}

function fits(demand: Demand, { owner, update }: { owner: Lost; update: Update }): boolean {
  const { path, after, upTo, version, value } = demand;
  if (isSequential(update) ? withoutSuffix(path) !== update.path : path !== update.path) return false;
  if (value !== undefined && (value ?? '') !== (update.value ?? '')) return false;
  if (version !== undefined && update.version >= 0 && update.version !== version - 1) return false;
  return Math.max(after, owner.after) < Math.min(upTo, owner.before - 1);
}

/** A node that lost writes may have deleted and created anew can have any version in between. */
function excused({ unlessReborn, path }: Breach, lost: readonly Lost[]): boolean {
  if (!unlessReborn) return false;
  const may = (kind: Update['kind']) =>
    lost.some((each) => each.updates.some((update) => update.kind === kind && update.path === path));
  return may('delete') && may('create');
}
