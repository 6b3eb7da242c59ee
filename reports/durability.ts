import type { History } from '../harness/history/history.ts';
import { flagBits, opKinds } from '../harness/history/op.ts';
import { outcomeIndex, phaseIndex } from './op-class.ts';

/** How one server answered for the nodes it must hold, in one phase of reading everything. */
export interface DurabilityRow {
  sid: number;
  phase: 'final' | 'poweroff';
  /** Persistent nodes whose last acknowledged update is a create or a write, with no delete after it that may have happened. */
  expected: number;
  found: number;
  missing: number;
  notRead: number;
}

/** Ephemeral, container and TTL nodes may vanish on their own (CreateMode 0 and 2 are the others). */
const lasting = new Set([0, 2]);

const kindIndex = Object.fromEntries(opKinds.map((name, i) => [name, i])) as Record<
  (typeof opKinds)[number],
  number
>;

/**
 * What the history itself says about durability, for the eye; the verdict is the rule's. A node counts as found when
 * a read of that server shows it modified at or after the zxid of its last acknowledged update. Nodes that a multi
 * touched are left out: its parts have no row of their own.
 */
export function durabilityOf(history: History, sids: readonly number[]): DurabilityRow[] {
  const expected = lastAcknowledged(history);
  const rows: DurabilityRow[] = [];
  for (const phase of ['final', 'poweroff'] as const) {
    const read = readsIn(history, phaseIndex[phase]);
    if (read.size === 0) continue;
    for (const sid of sids) rows.push(countOn(sid, phase, expected, read.get(sid) ?? new Map()));
  }
  return rows;
}

function countOn(
  sid: number,
  phase: DurabilityRow['phase'],
  expected: ReadonlyMap<string, number>,
  read: ReadonlyMap<string, number>,
): DurabilityRow {
  const row: DurabilityRow = { sid, phase, expected: expected.size, found: 0, missing: 0, notRead: 0 };
  for (const [path, zxid] of expected) {
    const mzxid = read.get(path);
    if (mzxid === undefined) row.notRead++;
    else if (mzxid >= zxid) row.found++;
    else row.missing++;
  }
  return row;
}

/** Zxid of the last acknowledged update, by path. */
function lastAcknowledged(history: History): Map<string, number> {
  const last = new Map<string, number>();
  const deleted = new Map<string, number>();
  const excluded = new Set<string>();
  for (let row = 0; row < history.length; row++) {
    if (history.phase[row]! > phaseIndex.workload) continue;
    const kind = history.kind[row]!;
    const ok = history.outcome[row] === outcomeIndex.ok;
    const path = history.paths[history.path[row]!] ?? '';
    if (kind === kindIndex.multi) for (const part of pathsOfMulti(history.value(row))) excluded.add(part);
    if (kind === kindIndex.create && ok) {
      const name = history.result(row) ?? path;
      if (lasting.has(history.flags[row]! & flagBits.createMode)) raise(last, name, history.zxid[row]!);
      else excluded.add(name);
    }
    if (kind === kindIndex.setData && ok) raise(last, path, history.zxid[row]!);
    if (kind === kindIndex.delete && ok) raise(deleted, path, history.zxid[row]!);
    if (kind === kindIndex.delete && history.outcome[row] === outcomeIndex.unknown) excluded.add(path);
  }
  for (const [path, zxid] of last) {
    if (excluded.has(path) || (deleted.get(path) ?? 0) > zxid) last.delete(path);
  }
  return last;
}

/** mzxid by path by server, 0 where the server said that there is no such node. */
function readsIn(history: History, phase: number): Map<number, Map<string, number>> {
  const bySid = new Map<number, Map<string, number>>();
  for (let row = 0; row < history.length; row++) {
    if (history.phase[row] !== phase) continue;
    const kind = history.kind[row]!;
    if (kind !== kindIndex.getData && kind !== kindIndex.exists) continue;
    const absent = history.outcome[row] === outcomeIndex.fail && history.error[row] === noNode;
    if (history.outcome[row] !== outcomeIndex.ok && !absent) continue;
    const sid = history.server[row]!;
    const path = history.paths[history.path[row]!] ?? '';
    if (!bySid.has(sid)) bySid.set(sid, new Map());
    bySid.get(sid)!.set(path, absent ? 0 : history.mzxid[row]!);
  }
  return bySid;
}

/** KeeperException.Code.NONODE. */
const noNode = -101;

function raise(map: Map<string, number>, path: string, zxid: number): void {
  if (zxid > (map.get(path) ?? 0)) map.set(path, zxid);
}

/** Every string under a key `path` in the JSON of a multi's parts. */
function pathsOfMulti(json: string | null): string[] {
  const paths: string[] = [];
  if (json === null) return paths;
  try {
    JSON.parse(json, (key, value) => {
      if (key === 'path' && typeof value === 'string') paths.push(value);
      return value;
    });
  } catch {
    // Not JSON: nothing can be left out on its word, and the rule judges anyway.
    return [];
  }
  return paths;
}
