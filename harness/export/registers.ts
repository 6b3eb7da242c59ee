import type { History } from '../history/history.ts';
import { anyVersion, flagBits, opKinds, outcomes } from '../history/op.ts';

/**
 * How early a plain read may have taken effect, in the words of `gauntlet lin`. `promised`: since the last acknowledged
 * update of its own session, which is all that ZooKeeper says of a read. `synced`: a completed sync counts like an
 * update (ZOOKEEPER-1675 names the gap). `strict`: not before it was sent, which ZooKeeper does not promise.
 */
export const readings = ['promised', 'synced', 'strict'] as const;
export type Reading = (typeof readings)[number];

/** What an operation did to one register: the data of a node; null for a node that is not there. */
export interface Touch {
  key: string;
  f: 'read' | 'write' | 'cas';
  /** Written, or read; of a read without an answer null. */
  value: string | null;
  /** Of a cas: what the version asked for held. */
  expected: string | null;
}

/** A call with its interval and all it did at once (a multi touches several registers). */
export interface Call {
  outcome: 'ok' | 'fail' | 'unknown';
  error: number;
  invokedNs: number;
  returnedNs: number;
  touches: Touch[];
}

export interface Registers {
  calls: Call[];
  /** Nodes left out: they come and go without a client's doing (ephemeral, container, TTL), or their names are given by the server. */
  skipped: number;
}

const kindAt = Object.fromEntries(opKinds.map((name, index) => [name, index])) as Record<
  (typeof opKinds)[number],
  number
>;
const ok = outcomes.indexOf('ok');
const unknown = outcomes.indexOf('unknown');
const noNode = -101; // KeeperException.Code.NONODE

/** A part of a stored multi, as far as it concerns data. */
interface Part {
  kind: string;
  path: string;
  value?: string | null;
  mode?: number;
}

/**
 * Every node's data as a register: written by create, setData, delete and the parts of a multi, read by getData. A
 * write that asked for a version is a cas where it is known what that version held; a refused one is a plain `fail`.
 */
export function registersOf(history: History, reading: Reading): Registers {
  const mortal = mortalPaths(history);
  const held = valuesByVersion(history);
  const start = history.invokedNs.reduce((earliest, ns) => Math.min(earliest, ns), Number.POSITIVE_INFINITY);
  const calls: Call[] = [];
  for (const rows of rowsBySession(history)) {
    let seenSince = start;
    for (const row of rows) {
      const touches = touchesOf(history, row, held).filter(({ key }) => !mortal.has(key));
      if (touches.length > 0) {
        const call = callOf(history, row, touches);
        const isRead = touches[0]!.f === 'read';
        if (isRead && reading !== 'strict') call.invokedNs = Math.min(call.invokedNs, seenSince);
        if (!(isRead && call.outcome === 'unknown')) calls.push(call);
      }
      if (history.outcome[row] === ok && bindsReads(history.kind[row]!, reading))
        seenSince = history.invokedNs[row]!;
    }
  }
  return { calls, skipped: mortal.size };
}

/** Operations of one register alone, for checkers that know no keys. */
export function only(calls: readonly Call[], key: string): Call[] {
  return calls
    .map((call) => ({ ...call, touches: call.touches.filter((touch) => touch.key === key) }))
    .filter(({ touches }) => touches.length > 0);
}

/** Rows of each session in the order they were sent. */
function rowsBySession({ length, session, invokedNs, xid }: History): Iterable<number[]> {
  const sessions = new Map<number, number[]>();
  for (let row = 0; row < length; row++) {
    const rows = sessions.get(session[row]!);
    if (rows) rows.push(row);
    else sessions.set(session[row]!, [row]);
  }
  for (const rows of sessions.values())
    rows.sort((a, b) => invokedNs[a]! - invokedNs[b]! || xid[a]! - xid[b]! || a - b);
  return sessions.values();
}

const updates = new Set([kindAt.create, kindAt.delete, kindAt.setData, kindAt.multi, kindAt.setACL]);

/** Answers come in order: what a session reads later is not older than this. */
function bindsReads(kind: number, reading: Reading): boolean {
  return updates.has(kind) || (kind === kindAt.sync && reading === 'synced');
}

function callOf(history: History, row: number, touches: Touch[]): Call {
  const outcome = history.outcome[row]!;
  const absent = touches[0]!.f === 'read' && history.error[row] === noNode;
  return {
    outcome: outcome === ok || absent ? 'ok' : outcome === unknown ? 'unknown' : 'fail',
    error: history.error[row]!,
    invokedNs: history.invokedNs[row]!,
    returnedNs: history.returnedNs[row]!,
    touches,
  };
}

/** Without data is empty: what a reader is told differs by release. */
const dataOf = (value: string | null | undefined) => value ?? '';

function touchesOf(history: History, row: number, held: Held): Touch[] {
  const key = history.paths[history.path[row]!]!;
  const write = (value: string | null): Touch => ({ key, f: 'write', value, expected: null });
  switch (history.kind[row]) {
    case kindAt.getData: {
      const value = history.outcome[row] === ok ? dataOf(history.value(row)) : null;
      return [{ key, f: 'read', value, expected: null }];
    }
    case kindAt.create:
      return [write(dataOf(history.value(row)))];
    case kindAt.delete:
      return [write(null)];
    case kindAt.setData: {
      const expected = expectedBy(history, row, held);
      const value = dataOf(history.value(row));
      return [expected === undefined ? write(value) : { key, f: 'cas', value, expected }];
    }
    case kindAt.multi:
      return touchesOfMulti(history, row);
    default:
      return [];
  }
}

/** Of several parts on one path the last one's data remain. */
function touchesOfMulti(history: History, row: number): Touch[] {
  const last = new Map<string, Touch>();
  for (const { kind, path, value } of partsOf(history, row)) {
    if (kind === 'check') continue;
    const written = kind === 'delete' ? null : dataOf(value);
    last.set(path, { key: path, f: 'write', value: written, expected: null });
  }
  return [...last.values()];
}

function partsOf(history: History, row: number): Part[] {
  return JSON.parse(history.value(row) ?? '[]') as Part[];
}

/** "%010d" of a signed 32-bit counter, which overflows to negative numbers. */
const suffix = /^(\d{10}|-\d{9,10})$/;
const isSequential = (mode: number) => mode === 2 || mode === 3 || mode === 6;

function mortalPaths(history: History): Set<string> {
  const mortal = new Set<string>();
  const prefixes = new Set<string>();
  for (const { path, mode } of creates(history)) {
    if (isSequential(mode)) prefixes.add(path);
    if (mode !== 0) mortal.add(path);
  }
  // Also names that only a read tells: the answer to their create may have been lost.
  for (const path of history.paths) {
    const given = [10, 11].some(
      (digits) => suffix.test(path.slice(-digits)) && prefixes.has(path.slice(0, -digits)),
    );
    if (given) mortal.add(path);
  }
  return mortal;
}

function* creates(history: History): Iterable<{ path: string; mode: number }> {
  for (let row = 0; row < history.length; row++) {
    if (history.kind[row] === kindAt.create) {
      const mode = history.flags[row]! & flagBits.createMode;
      yield { path: history.paths[history.path[row]!]!, mode };
    } else if (history.kind[row] === kindAt.multi) {
      for (const { kind, path, mode = 0 } of partsOf(history, row))
        if (kind === 'create') yield { path, mode };
    }
  }
}

/** By path and version what some answer showed; null where two answers differ. */
type Held = Map<string, Map<number, string | null>>;

/** Only of nodes that were never deleted: a node made again counts its versions from 0 again. */
function valuesByVersion(history: History): Held {
  const held: Held = new Map();
  for (let row = 0; row < history.length; row++) {
    const kind = history.kind[row];
    if (history.outcome[row] !== ok || !(kind === kindAt.getData || kind === kindAt.setData)) continue;
    const path = history.paths[history.path[row]!]!;
    const versions = held.get(path) ?? new Map<number, string | null>();
    held.set(path, versions);
    const version = history.statVersion[row]!;
    const value = dataOf(history.value(row));
    versions.set(version, versions.has(version) && versions.get(version) !== value ? null : value);
  }
  for (const path of deletedPaths(history)) held.delete(path);
  return held;
}

function deletedPaths(history: History): Set<string> {
  const deleted = new Set<string>();
  for (let row = 0; row < history.length; row++) {
    if (history.kind[row] === kindAt.delete) deleted.add(history.paths[history.path[row]!]!);
    if (history.kind[row] !== kindAt.multi) continue;
    for (const { kind, path } of partsOf(history, row)) if (kind === 'delete') deleted.add(path);
  }
  return deleted;
}

/** What the version a setData asked for held; undefined when it asked for none, was refused, or that is not known. */
function expectedBy(history: History, row: number, held: Held): string | undefined {
  const version = history.version[row]!;
  const done = history.outcome[row] === ok || history.outcome[row] === unknown;
  if (version === anyVersion || !done) return undefined;
  return held.get(history.paths[history.path[row]!]!)?.get(version) ?? undefined;
}
