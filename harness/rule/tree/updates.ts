import type { History } from '../../history/history.ts';
import { flagBits, type OpKind, opKinds, outcomes, type Stat } from '../../history/op.ts';
import { root } from '../../workload/workload.ts';

/** What one transaction does to one node; `check` changes nothing and says which version the node had. */
export interface Update {
  row: number;
  /** Place in a multi, 0 elsewhere: parts apply in this order at one zxid. */
  part: number;
  session: number;
  kind: 'create' | 'delete' | 'setData' | 'setACL' | 'check';
  /** The node itself: for a sequential create the name it was given; the prefix while that is not known. */
  path: string;
  /** The path as the request had it. */
  asked: string;
  /** CreateMode of a create, else 0. */
  mode: number;
  value: string | null;
  /** Version it asked for; -1 for any. */
  version: number;
  /** 0 while nobody saw it applied. */
  zxid: number;
  /** From the server's answer, where it carried one. */
  stat: Stat | null;
  /** Of a lost setData: the version it made, as somebody saw it. */
  versionSeen?: number;
}

/** A write without an answer: applied or not. All of its parts share one fate. */
export interface Lost {
  row: number;
  session: number;
  updates: Update[];
  /** Zxid at which somebody saw it applied; 0 while nobody has. */
  zxid: number;
  /** If applied, then behind this zxid (it was invoked later) ... */
  after: number;
  /** ... and before this one (an acknowledged update that its session sent later). */
  before: number;
}

/** What an answer says of a node in the state after all transactions up to `zxid`. */
export interface Sighting {
  row: number;
  zxid: number;
  path: string;
  seen: 'present' | 'absent';
  stat: Stat | null;
  /** Data read; undefined when data was not asked for. */
  data: string | null | undefined;
  /** A version that the node did not have: a conditional write failed. */
  notVersion?: number;
}

export interface Listing {
  row: number;
  zxid: number;
  path: string;
  names: string[];
}

/** A history sorted into what happened, what may have happened, and what was seen. */
export interface Told {
  /** Acknowledged. */
  updates: Update[];
  lost: Lost[];
  sightings: Sighting[];
  listings: Listing[];
  /** Answers no server may give, with why. */
  nonsense: { row: number; why: string }[];
}

const kindAt = (name: OpKind) => opKinds.indexOf(name);
const ok = outcomes.indexOf('ok');
const fail = outcomes.indexOf('fail');
const unknown = outcomes.indexOf('unknown');

const errorCodes = {
  noNode: -101,
  badVersion: -103,
  ephemeralParent: -108,
  nodeExists: -110,
  notEmpty: -111,
};

/**
 * Refusals that the leader decides in zxid order and logs as a transaction of their own, so that the header zxid is
 * where they stand (PrepRequestProcessor; measured on 3.4.6 to 3.9.5). Others (throttling, authentication) are not ordered.
 */
export const orderedRefusals: ReadonlySet<number> = new Set(Object.values(errorCodes));

const sequential = (mode: number) => mode === 2 || mode === 3 || mode === 6;
export const isSequential = ({ mode }: Pick<Update, 'mode'>) => sequential(mode);
export const isEphemeral = ({ mode }: Pick<Update, 'mode'>) => mode === 1 || mode === 3;
/** Containers and TTL nodes are deleted by the leader itself when nobody uses them. */
export const isMortal = ({ mode }: Pick<Update, 'mode'>) => mode >= 4;

const isBelowRoot = (path: string) => path === root || path.startsWith(`${root}/`);
export const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

/** "%010d" of a signed 32-bit counter: ten digits; it overflows to negative numbers. */
const suffixPattern = /^(\d{10}|-\d{9,10})$/;

/** The number a sequential node was given; undefined for a name that has none. */
export function suffixOf({ path, asked }: Pick<Update, 'path' | 'asked'>): number | undefined {
  const suffix = path.slice(asked.length);
  return path.startsWith(asked) && suffixPattern.test(suffix) ? Number(suffix) : undefined;
}

/** A name that ends like a sequential one, without that end. Which counters overflowed cannot be told from a name. */
export const withoutSuffix = (path: string) => path.replace(/\d{10}$/, '');

/** A part of a multi and of its answer, as the client records them. */
interface Part {
  kind: 'create' | 'delete' | 'setData' | 'check';
  path: string;
  value?: string | null;
  version?: number;
  mode?: number;
}
interface PartResult {
  kind: string;
  name?: string;
  stat?: Stat | null;
  error?: number;
}

export function tell(history: History): Told {
  const told: Told = { updates: [], lost: [], sightings: [], listings: [], nonsense: [] };
  const inside = history.paths.map(isBelowRoot);
  const teller = [] as ((row: number) => void)[];
  const single = (kind: Update['kind']) => (row: number) => tellSingle(history, row, kind, told);
  teller[kindAt('create')] = single('create');
  teller[kindAt('delete')] = single('delete');
  teller[kindAt('setData')] = single('setData');
  teller[kindAt('setACL')] = single('setACL');
  teller[kindAt('multi')] = (row) => tellMulti(history, row, told);
  for (const kind of readKinds) {
    teller[kindAt(kind)] = (row) => tellRead(history, row, kind, told);
  }
  const multi = kindAt('multi');
  for (let row = 0; row < history.length; row++) {
    const kind = history.kind[row]!;
    if (kind === multi || inside[history.path[row]!]) teller[kind]?.(row);
  }
  return told;
}

/** Only what reads say, of the rows asked for. */
export function tellReads(
  history: History,
  wanted: (row: number) => boolean,
): Pick<Told, 'sightings' | 'listings'> {
  const told: Told = { updates: [], lost: [], sightings: [], listings: [], nonsense: [] };
  const reads = new Map(readKinds.map((kind) => [kindAt(kind), kind]));
  for (let row = 0; row < history.length; row++) {
    const kind = reads.get(history.kind[row]!);
    if (kind && wanted(row) && isBelowRoot(history.paths[history.path[row]!]!)) {
      tellRead(history, row, kind, told);
    }
  }
  return told;
}

const readKinds = ['exists', 'getData', 'getChildren', 'getACL'] as const;

function tellSingle(history: History, row: number, kind: Update['kind'], told: Told): void {
  const outcome = history.outcome[row]!;
  const path = history.paths[history.path[row]!]!;
  const zxid = history.zxid[row]!;
  const update: Update = {
    row,
    part: 0,
    session: history.session[row]!,
    kind,
    path,
    asked: path,
    mode: kind === 'create' ? history.flags[row]! & flagBits.createMode : 0,
    value: history.value(row),
    version: history.version[row]!,
    zxid,
    stat: history.stat(row),
  };
  if (outcome === ok) acknowledge(update, history.result(row), told);
  else if (outcome === unknown) told.lost.push(lostOf([{ ...update, zxid: 0, stat: null }]));
  else if (outcome === fail && zxid > 0) refuse(update, history.error[row]!, told);
}

function tellMulti(history: History, row: number, told: Told): void {
  const outcome = history.outcome[row]!;
  const zxid = history.zxid[row]!;
  const session = history.session[row]!;
  const parts = JSON.parse(history.value(row) ?? '[]') as Part[];
  const updates = parts.map(
    ({ kind, path, value = null, version = -1, mode = 0 }, part): Update => ({
      row,
      part,
      session,
      kind,
      path,
      asked: path,
      mode: kind === 'create' ? mode & flagBits.createMode : 0,
      value,
      version,
      zxid,
      stat: null,
    }),
  );
  const inside = updates.filter(({ path }) => isBelowRoot(path));
  if (inside.length === 0) return;
  if (outcome === unknown) {
    told.lost.push(lostOf(inside.map((update) => ({ ...update, zxid: 0 }))));
    return;
  }
  const results = JSON.parse(history.result(row) ?? '[]') as PartResult[];
  if (outcome === ok) {
    if (results.length !== parts.length || results.some(({ kind }) => kind === 'error')) {
      told.nonsense.push({ row, why: 'a multi was acknowledged without a result for each of its parts' });
    }
    for (const update of inside) {
      const result = results[update.part];
      acknowledge({ ...update, stat: result?.stat ?? null }, result?.name ?? null, told);
    }
  } else if (outcome === fail && zxid > 0) {
    const failed = results.findIndex(({ error = 0 }) => error !== 0);
    const culprit = inside.find(({ part }) => part === failed);
    // Parts before it changed the state it met; only one that touches nothing of theirs is a plain sighting.
    const before = inside.filter(({ part }) => part < failed);
    if (culprit && before.every(({ path }) => !related(path, culprit.path))) {
      refuse(culprit, results[failed]!.error!, told);
    }
  }
}

const related = (a: string, b: string) => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

const lostOf = (updates: Update[]): Lost => ({
  row: updates[0]!.row,
  session: updates[0]!.session,
  updates,
  zxid: 0,
  after: 0,
  before: Number.POSITIVE_INFINITY,
});

function acknowledge(update: Update, name: string | null, told: Told): void {
  const { row, kind, asked } = update;
  if (kind === 'create' && name !== null) {
    update.path = name;
    const fits = isSequential(update) ? suffixOf(update) !== undefined : name === asked;
    if (!fits) told.nonsense.push({ row, why: `the node created as ${asked} is called ${name}` });
  }
  if (update.zxid > 0) told.updates.push(update);
  else told.nonsense.push({ row, why: 'a write was acknowledged without a zxid' });
}

/** What a refused write says about the node (or its parent) it met. */
function refuse({ row, zxid, kind, path, version }: Update, error: number, told: Told): void {
  const see = (seen: Sighting['seen'], at: string, notVersion?: number) => {
    if (!isBelowRoot(at)) return;
    const sighting: Sighting = { row, zxid, path: at, seen, stat: null, data: undefined };
    told.sightings.push(notVersion === undefined ? sighting : { ...sighting, notVersion });
  };
  if (error === errorCodes.noNode) see('absent', kind === 'create' ? parentOf(path) : path);
  if (error === errorCodes.nodeExists) see('present', path);
  if (error === errorCodes.notEmpty) see('present', path);
  if (error === errorCodes.ephemeralParent) see('present', parentOf(path));
  if (error === errorCodes.badVersion && kind !== 'setACL') see('present', path, version);
}

function tellRead(history: History, row: number, kind: (typeof readKinds)[number], told: Told): void {
  const zxid = history.zxid[row]!;
  if (zxid <= 0) return;
  const path = history.paths[history.path[row]!]!;
  if (history.outcome[row] === ok) {
    const data = kind === 'getData' ? history.value(row) : undefined;
    told.sightings.push({ row, zxid, path, seen: 'present', stat: history.stat(row), data });
    if (kind !== 'getChildren') return;
    const names = JSON.parse(history.result(row) ?? '[]') as string[];
    told.listings.push({ row, zxid, path, names });
  } else if (history.outcome[row] === fail && history.error[row] === errorCodes.noNode) {
    told.sightings.push({ row, zxid, path, seen: 'absent', stat: null, data: undefined });
  }
}
