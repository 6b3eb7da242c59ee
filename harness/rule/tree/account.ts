import type { History } from '../../history/history.ts';
import { fatesOf, type Met } from '../disk/fates.ts';
import { disksOf } from '../disk/server-history.ts';
import { settleLost } from '../disk/settle-lost.ts';
import { contradictoryAcls } from './acls.ts';
import { boundLost } from './bounds.ts';
import { type Brood, broodsOf, checkCounters } from './child-counts.ts';
import { Contradictions } from './contradictions.ts';
import { type Epoch, epochsOf } from './epochs.ts';
import { sightChildren } from './listings.ts';
import type { Breach, Life } from './node-life.ts';
import { sortedBy } from './order.ts';
import { replayNodes } from './replay.ts';
import { resolveLost } from './resolve.ts';
import { type Roles, rolesOf } from './roles.ts';
import { type Sessions, sessionsOf } from './sessions.ts';
import { notEmpty } from './sightings.ts';
import { toldOf } from './tell.ts';
import { Time } from './time.ts';
import type { Recorded, Told } from './told.ts';
import { excused, unaccounted } from './unaccounted.ts';
import { creates, type Lost, type Update, type Updates, updateKinds } from './updates.ts';

/** One consistent account of what the servers did, rebuilt from what clients were told; and where it cannot be consistent. */
export interface Account {
  told: Told;
  /** Of each row. */
  roles: Roles;
  sessions: Sessions;
  epochs: readonly Epoch[];
  time: Time;
  /**
   * Every update known to be applied: first the acknowledged ones, as many as `acknowledged` says, then those `logged`, then
   * those `resolved`.
   */
  updates: Updates;
  acknowledged: number;
  /** Writes without an answer, those aside which the servers' logs show not to have been applied. */
  lost: readonly Lost[];
  /** What the servers' logs say of every write without an answer; empty when nobody read them. */
  fates: ReadonlyMap<Lost, Met>;
  /** Writes without an answer that the servers' logs show to have been applied. */
  logged: readonly Update[];
  /** Others whose effect somebody saw. */
  resolved: readonly Update[];
  /** All updates in zxid order. */
  byZxid: Int32Array;
  /** By the number of the node, with gaps. */
  lives: readonly (readonly Life[] | undefined)[];
  broods: ReadonlyMap<number, Brood>;
  breaches: readonly Breach[];
}

/** Written out, in the order of the history. */
export function acknowledgedUpdates({ updates, acknowledged }: Account): Update[] {
  return Array.from({ length: acknowledged }, (_, i) => updates.at(i));
}

/** Rows of the acknowledged updates, each once, in the order of the history. */
export function acknowledgedRows({ updates, acknowledged }: Account): number[] {
  const rows: number[] = [];
  for (let i = 0; i < acknowledged; i++) {
    const row = updates.row(i);
    if (row !== rows.at(-1)) rows.push(row);
  }
  return rows;
}

const accounts = new WeakMap<History, Account>();

/** Several rules ask for the same account; it is made once. */
export function accountOf(recorded: Recorded): Account {
  const account = accounts.get(recorded.history) ?? makeAccount(recorded);
  accounts.set(recorded.history, account);
  return account;
}

function makeAccount(recorded: Recorded): Account {
  const { history } = recorded;
  const told = toldOf(recorded);
  const { updates, lost, paths, sightings } = told;
  const roles = rolesOf(history, recorded.topology);
  const sessions = sessionsOf(history, roles);
  const time = new Time(history, roles, sessions);
  boundLost(history, roles, lost, time, sessions);
  const acknowledged = updates.length;
  let byZxid = sortedBy(updates.zxid, updates.length);
  const fates = fatesIn(recorded, { told, roles, sessions });
  const logged = settleLost(told, fates);
  for (const update of logged.applied) addSeen(told, update);
  if (logged.applied.length > 0) byZxid = sortedBy(updates.zxid, updates.length);
  const resolved = resolveLost(told, byZxid);
  for (const update of resolved) addSeen(told, update);
  if (resolved.length > 0) byZxid = sortedBy(updates.zxid, updates.length);
  const isParent = parentsIn(told);
  sightChildren(told, isParent, sessions);

  const fresh = isCreated(updates, paths.find(recorded.root));
  const found = new Contradictions(told);
  const setting = { told, sessions, fresh, isParent, mayBeDeleted: deletedUnseen(lost) };
  const seen = sortedBy(sightings.zxid, sightings.length);
  const lives = replayNodes({ updates: byZxid, sightings: seen }, setting, found).map((node) => node?.lives);
  const broods = broodsOf(paths, lives, lost);
  const seenOf = sightingsOfParents(told, seen, isParent);
  for (const [node, brood] of broods) {
    checkCounters(node, brood, lives[node] ?? [], seenOf.get(node) ?? [], sessions, found);
  }
  const breaches = [
    ...logged.breaches,
    ...found.breaches.filter((breach) => !excused(told, breach)),
    ...unaccounted(told, found.demands, sessions, fresh),
    ...contradictoryAcls(told),
  ];
  return {
    told,
    roles,
    sessions,
    epochs: epochsOf(history, roles),
    time,
    updates,
    acknowledged,
    lost,
    fates,
    logged: logged.applied,
    resolved,
    byZxid,
    lives,
    broods,
    breaches,
  };
}

function fatesIn(
  { topology, transactions }: Recorded,
  asked: Pick<Account, 'told' | 'roles' | 'sessions'>,
): ReadonlyMap<Lost, Met> {
  const disks = disksOf({ transactions });
  if (!disks || !topology || asked.told.lost.length === 0) return new Map();
  return fatesOf({ ...asked, topology }, disks);
}

function addSeen({ updates, paths }: Told, { kind, asked, versionSeen, ...update }: Update): void {
  updates.push({ ...update, kind: updateKinds.indexOf(kind), asked: paths.idOf(asked) }, versionSeen);
}

/** What Stats and refusals say of parents, in zxid order. */
function sightingsOfParents(
  { sightings }: Told,
  byZxid: Int32Array,
  isParent: Uint8Array,
): Map<number, number[]> {
  const seen = new Map<number, number[]>();
  for (const i of byZxid) {
    const node = sightings.node[i]!;
    if (isParent[node] !== 1 || (sightings.stat(i) < 0 && sightings.seen(i) !== notEmpty)) continue;
    const there = seen.get(node);
    if (there) there.push(i);
    else seen.set(node, [i]);
  }
  return seen;
}

/** Nodes that may have had children: those somebody named a child of. */
function parentsIn({ paths, updates, sightings, lost, listings }: Told): Uint8Array {
  const parents = new Set<number>();
  const named = new Uint8Array(paths.length);
  for (let i = 0; i < updates.length; i++) named[updates.node[i]!] = 1;
  for (let i = 0; i < sightings.length; i++) named[sightings.node[i]!] = 1;
  for (const each of lost) for (const { node } of each.updates) named[node] = 1;
  for (let node = 0; node < named.length; node++) if (named[node] === 1) parents.add(paths.parentOf(node));
  for (const { node, names } of listings) if (names.length > 0) parents.add(node);
  const isParent = new Uint8Array(paths.length);
  for (const parent of parents) isParent[parent] = 1;
  return isParent;
}

function isCreated(updates: Updates, node: number | undefined): boolean {
  for (let i = 0; i < updates.length; i++) {
    if (updates.node[i] === node && updates.kind(i) === creates) return true;
  }
  return false;
}

function deletedUnseen(lost: readonly Lost[]): Set<number> {
  const unseen = lost.filter(({ zxid }) => zxid === 0).flatMap(({ updates }) => updates);
  return new Set(unseen.filter(({ kind }) => kind === 'delete').map(({ node }) => node));
}
