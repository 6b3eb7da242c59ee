import type { History } from '../../history/history.ts';
import { type OpKind, opKinds, outcomes, type Stat, type Zxid } from '../../history/op.ts';

/**
 * The interval form: answers of clients that hide the zxid of the reply header, placed by their Stats. A setData stands at
 * the mzxid it made, a create at its czxid. A read that saw a Stat stands somewhere from the Stat's highest zxid to the
 * next known change of that node; of all places that its session's order allows it gets the earliest. If there is any
 * lawful choice that one is: an operation that must stand behind another one is only helped when that one moves forward.
 * Whatever has no such place keeps zxid 0: refusals and plain deletes, say, which others may still date.
 */
export function placed(history: History): History {
  const bare = headerless(history);
  if (bare.size === 0) return history;
  const places = new Placer(history, bare).place();
  const made = withZxids(history, places.zxid);
  notes.set(made, { bare, latest: places.latest });
  return made;
}

interface Note {
  /** Sessions without headers. */
  bare: ReadonlySet<number>;
  /** The last place each row may stand at. */
  latest: Float64Array;
}

const notes = new WeakMap<History, Note>();

const none: ReadonlySet<number> = new Set();

/** Makes `part`, some rows of a placed history, a placed one too: where its operations stand is known from the whole. */
export function keepPlaces(whole: History, rows: readonly number[], part: History): History {
  const note = notes.get(whole);
  if (note) notes.set(part, { bare: note.bare, latest: Float64Array.from(rows, (row) => note.latest[row]!) });
  return part;
}

/** Sessions whose clients hide the zxids of their replies. */
export const headlessIn = (history: History): ReadonlySet<number> => notes.get(history)?.bare ?? none;

/** The latest state an answer may come from: its own zxid, unless that was only concluded from a Stat. */
export const latestZxid = (history: History, row: number): number =>
  notes.get(history)?.latest[row] ?? history.zxid[row]!;

const kindAt = (kind: OpKind) => opKinds.indexOf(kind);
const [create, deleteKind, setData, multi] = (['create', 'delete', 'setData', 'multi'] as const).map(kindAt);
const reads = Uint8Array.from(opKinds, (kind) =>
  Number(kind === 'exists' || kind === 'getData' || kind === 'getChildren' || kind === 'getACL'),
);
const asks = Uint8Array.from(opKinds, (kind) =>
  Number(!['connect', 'close', 'expired', 'event'].includes(kind)),
);
const [ok, fail] = (['ok', 'fail'] as const).map((outcome) => outcomes.indexOf(outcome));

/** Sessions that were answered, and never with a zxid. */
function headerless({ length, session, kind, outcome, zxid }: History): Set<number> {
  const bare = new Set<number>();
  const headed = new Set<number>();
  for (let row = 0; row < length; row++) {
    if (asks[kind[row]!] === 0 || (outcome[row] !== ok && outcome[row] !== fail)) continue;
    (zxid[row]! > 0 ? headed : bare).add(session[row]!);
  }
  return new Set([...bare].filter((each) => !headed.has(each)));
}

class Placer {
  private readonly history: History;
  private readonly bare: ReadonlySet<number>;
  private readonly zxid: Float64Array;
  /** Zxids at which the Stat of a node changed, in order. */
  private readonly touches = new Map<string, number[]>();

  constructor(history: History, bare: ReadonlySet<number>) {
    this.history = history;
    this.bare = bare;
    this.zxid = Float64Array.from(history.zxid);
  }

  place(): { zxid: Float64Array; latest: Float64Array } {
    const history = this.history;
    const zxid = this.zxid;
    for (let row = 0; row < history.length; row++) if (history.outcome[row] === ok) this.update(row);
    for (const list of this.touches.values()) list.sort((a, b) => a - b);
    const latest = Float64Array.from(zxid);
    const seen = new Map<number, number>();
    for (const row of this.bareInSendOrder()) {
      const session = history.session[row]!;
      const before = seen.get(session) ?? 0;
      const stat = history.outcome[row] === ok && reads[history.kind[row]!] === 1 ? history.stat(row) : null;
      if (stat) {
        const first = Math.max(stat.czxid, stat.mzxid, stat.pzxid);
        latest[row] = this.nextTouch(history.paths[history.path[row]!]!, first) - 1;
        zxid[row] = Math.min(Math.max(first, before), latest[row]!);
      }
      if (zxid[row]! > before) seen.set(session, zxid[row]!);
    }
    return { zxid, latest };
  }

  /** A library may call back out of turn; its rows then stand in the order of its callbacks. */
  private bareInSendOrder(): number[] {
    const { length, session, invokedNs } = this.history;
    const rows: number[] = [];
    for (let row = 0; row < length; row++) if (this.bare.has(session[row]!)) rows.push(row);
    return rows.sort((a, b) => invokedNs[a]! - invokedNs[b]! || a - b);
  }

  /** Notes what an update touched, and gives it its own zxid where the answer carries a Stat. */
  private update(row: number): void {
    const { history, zxid } = this;
    const kind = history.kind[row];
    const path = history.paths[history.path[row]!]!;
    if (kind === setData) {
      zxid[row] ||= history.stat(row)?.mzxid ?? 0;
      this.touch(path, zxid[row]!);
    } else if (kind === create || kind === deleteKind) {
      zxid[row] ||= history.stat(row)?.czxid ?? 0;
      this.touchWithParent(kind === create ? (history.result(row) ?? path) : path, zxid[row]!);
    } else if (kind === multi) this.multi(row);
  }

  private multi(row: number): void {
    const { history, zxid } = this;
    const parts = JSON.parse(history.value(row) ?? '[]') as { kind: OpKind; path: string }[];
    const results = JSON.parse(history.result(row) ?? '[]') as { name?: string; stat?: Stat | null }[];
    for (const [i, { kind }] of parts.entries()) {
      const stat = results[i]?.stat;
      if (stat) zxid[row] ||= kind === 'create' ? stat.czxid : stat.mzxid;
    }
    for (const [i, { kind, path }] of parts.entries()) {
      if (kind === 'setData') this.touch(path, zxid[row]!);
      if (kind === 'create' || kind === 'delete') this.touchWithParent(results[i]?.name ?? path, zxid[row]!);
    }
  }

  private touchWithParent(path: string, zxid: number): void {
    this.touch(path, zxid);
    this.touch(path.slice(0, path.lastIndexOf('/')), zxid);
  }

  private touch(path: string, zxid: number): void {
    if (zxid <= 0) return;
    const there = this.touches.get(path);
    if (there) there.push(zxid);
    else this.touches.set(path, [zxid]);
  }

  private nextTouch(path: string, behind: number): number {
    const list = this.touches.get(path) ?? [];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]! <= behind) low = middle + 1;
      else high = middle;
    }
    return list[low] ?? Number.POSITIVE_INFINITY;
  }
}

/** The same history with other zxids. */
function withZxids(history: History, zxid: Float64Array): History {
  const { length, torn, session, xid, kind, server, phase, outcome, error, invokedNs, returnedNs } = history;
  const { path, paths, version, flags, mzxid, statVersion } = history;
  return {
    ...{ length, torn, session, xid, kind, server, phase, outcome, error, invokedNs, returnedNs },
    ...{ path, paths, version, flags, mzxid, statVersion, zxid },
    value: (row) => history.value(row),
    stat: (row) => history.stat(row),
    result: (row) => history.result(row),
    op: (row) => ({ ...history.op(row), zxid: zxid[row]! as Zxid }),
  };
}
