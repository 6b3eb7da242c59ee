import { type Change, type Changes, type EventType, firstBehind, isAtOrBelow } from './changes.ts';

/**
 * Where a server keeps a watch: `data` (exists and getData) and `child` (getChildren) fire once; the other two are
 * addWatch's and stay.
 */
export type Table = 'data' | 'child' | 'persistent' | 'persistentRecursive';

/** A watch that has been set and has not fired for the last time. */
export interface Watch {
  table: Table;
  node: number;
  /** The row that set it. */
  row: number;
  /** The node was not there when it was set. */
  absent: boolean;
  /** What it fires for, and how much of that is behind it. */
  changes: readonly Change[];
  passed: number;
  /** Set again by a client that has reconnected; true until the first answer on the new connection. */
  resumed: boolean;
}

export interface WatchBreach {
  /** The event or the answer that is wrong. */
  row: number;
  /** The row it contradicts; -1 for none. */
  other: number;
  what: 'late' | 'skipped' | 'stray' | 'twice' | 'unfounded' | 'backward';
  node: number;
  change: Change | undefined;
}

interface Fired {
  row: number;
  type: EventType;
  node: number;
  /** 0 where the server told none. */
  zxid: number;
}

const oneShot = (table: Table) => table === 'data' || table === 'child';

/** The watches of one session, followed through its answers and events in the order they arrived. */
export class Watcher {
  readonly breaches: WatchBreach[] = [];
  set = 0;
  fired = 0;
  private readonly changes: Changes;
  private readonly names: readonly string[];
  private readonly live = new Map<string, Watch>();
  /** Watches a server may hold without this session being sure of it: it was not told, or told too late. */
  private readonly maybe = new Set<string>();
  /** Watches that were set, in a state that nobody knows: what they fire for first cannot be told. */
  private readonly undated = new Set<string>();
  private due = Number.POSITIVE_INFINITY;
  private reply = { zxid: 0, row: -1 };
  private lastEvent = { zxid: 0, row: -1 };

  constructor(changes: Changes, names: readonly string[]) {
    this.changes = changes;
    this.names = names;
  }

  /** A watch was set in the state of `zxid`. */
  register(table: Table, node: number, zxid: number, row: number, absent: boolean): void {
    const key = keyOf(table, node);
    if (this.live.has(key)) return;
    this.set++;
    const changes = this.changesOf(table, node);
    const passed = firstBehind(changes, zxid);
    this.live.set(key, { table, node, row, absent, changes, passed, resumed: false });
    this.lookAhead();
  }

  /** A request that sets a watch had no answer; `confirmed`: it had one, which does not tell in what state it was set. */
  mayRegister(table: Table, node: number, confirmed: boolean): void {
    (confirmed ? this.undated : this.maybe).add(keyOf(table, node));
  }

  /** `sure`: the server said so; otherwise it may have been removed. */
  remove(tables: readonly Table[], node: number, sure: boolean): void {
    for (const table of tables) {
      const key = keyOf(table, node);
      const had = this.live.delete(key) || this.undated.delete(key);
      if (had && !sure) this.maybe.add(key);
    }
    this.lookAhead();
  }

  /** The client sets its watches again, first of all; what it was not sure of is gone with the old connection. */
  connected(): void {
    this.maybe.clear();
    // A server may be behind what events told, for only answers count as seen: watches that stay tell it again.
    this.lastEvent = { zxid: 0, row: -1 };
    for (const watch of this.live.values()) {
      watch.resumed = true;
      if (!oneShot(watch.table)) watch.passed = firstBehind(watch.changes, this.reply.zxid);
    }
  }

  ended(): void {
    this.live.clear();
    this.maybe.clear();
    this.undated.clear();
    this.lookAhead();
  }

  /** An answer from the state of `zxid`: whatever had to fire by then must have. */
  answered(zxid: number, row: number): void {
    if (this.due <= zxid) {
      for (const [key, watch] of this.live) this.answeredFor(key, watch, zxid, row);
    }
    for (const watch of this.live.values()) {
      if (watch.resumed) this.resume(watch, zxid);
    }
    if (zxid >= this.reply.zxid) this.reply = { zxid, row };
    this.lookAhead();
  }

  event(event: Fired): void {
    this.fired++;
    const { row, zxid, node } = event;
    const change = { zxid, type: event.type, node };
    if (zxid > 0 && zxid < this.lastEvent.zxid) this.say('backward', row, this.lastEvent.row, change);
    const watches = [...this.live].filter(([, watch]) => this.isFor(watch, event));
    const uncertain = this.mayBeFor(event);
    const isLate = zxid > 0 && zxid <= this.reply.zxid && !(watches.length === 0 && uncertain);
    if (isLate) this.say('late', this.reply.row, row, change);
    if (zxid > 0) this.lastEvent = { zxid, row };
    if (watches.length === 0 && !uncertain) {
      this.say('stray', row, -1, change);
      return;
    }
    const after = Math.max(0, ...watches.map(([, watch]) => watch.changes[watch.passed - 1]?.zxid ?? 0));
    const known =
      zxid > 0
        ? this.changes.isKnown(change)
        : watches.length === 0 || watches.some(([, watch]) => this.explains(watch, event));
    const upTo = zxid > 0 ? zxid : Number.POSITIVE_INFINITY;
    if (!known && !this.changes.mayHaveHappened(event.type, node, zxid > 0 ? zxid - 1 : after, upTo)) {
      this.say('unfounded', row, watches[0]?.[1].row ?? -1, change);
    }
    // A server that compares both lists of a client tells of a deleted node once for each (DataTree.setWatches).
    const doubled = watches.length > 1 && watches.every(([, { resumed }]) => resumed);
    for (const [key, watch] of watches) {
      this.take(key, watch, event, known);
      if (doubled) this.maybe.add(key);
    }
    for (const table of tablesOf(event.type)) if (oneShot(table)) this.undated.delete(keyOf(table, node));
    this.lookAhead();
  }

  private take(key: string, watch: Watch, { row, zxid, type, node }: Fired, known: boolean): void {
    const due = watch.changes[watch.passed];
    if (known && !watch.resumed && zxid > 0 && due && due.zxid < zxid)
      this.say('skipped', row, watch.row, due);
    if (oneShot(watch.table)) {
      this.live.delete(key);
      return;
    }
    if (!known) return;
    const at = watch.changes.findIndex(
      (change, i) =>
        i >= watch.passed &&
        change.type === type &&
        change.node === node &&
        (zxid === 0 || change.zxid === zxid),
    );
    if (at >= 0) watch.passed = at + 1;
    else if (!watch.resumed) this.say('twice', row, watch.row, { zxid, type, node });
  }

  private answeredFor(key: string, watch: Watch, zxid: number, row: number): void {
    const due = watch.changes[watch.passed];
    if (!due || due.zxid > zxid) return;
    if (watch.resumed && !oneShot(watch.table)) return;
    // Created and gone again while the client was away: nothing is left to tell, and the watch stays set.
    const gone = watch.changes.some(
      ({ type, zxid: at }) => type === 'NodeDeleted' && at >= due.zxid && at <= zxid,
    );
    if (watch.resumed && watch.absent && gone) return;
    this.live.delete(key);
    this.say('late', row, watch.row, due);
    // Should it come after all, once is enough to be told.
    this.maybe.add(key);
  }

  /** What happened while the client was away is not told again to watches that stay. */
  private resume(watch: Watch, zxid: number): void {
    watch.resumed = false;
    while ((watch.changes[watch.passed]?.zxid ?? Number.POSITIVE_INFINITY) <= zxid) watch.passed++;
  }

  private lookAhead(): void {
    this.due = Number.POSITIVE_INFINITY;
    for (const { changes, passed, resumed } of this.live.values()) {
      const zxid = resumed ? 0 : changes[passed]?.zxid;
      if (zxid !== undefined && zxid < this.due) this.due = zxid;
    }
  }

  private changesOf(table: Table, node: number): readonly Change[] {
    if (table === 'data') return this.changes.ofNode(node);
    if (table === 'child') return this.changes.ofChildren(node);
    return table === 'persistent' ? this.changes.ofBoth(node) : this.changes.ofSubtree(node);
  }

  private isFor({ table, node }: Pick<Watch, 'table' | 'node'>, event: Fired): boolean {
    if (table === 'persistentRecursive') {
      return event.type !== 'NodeChildrenChanged' && isAtOrBelow(this.names[event.node]!, this.names[node]!);
    }
    return node === event.node && tablesOf(event.type).includes(table);
  }

  private mayBeFor(event: Fired): boolean {
    const possible = [...this.maybe, ...this.undated];
    return possible.some((key) => {
      const [table, node] = key.split(' ') as [Table, string];
      return this.isFor({ table, node: Number(node) }, event);
    });
  }

  /** Without a zxid: whether something known and not yet passed makes it fire. After a reconnect one event stands for all. */
  private explains({ changes, passed, resumed }: Watch, { type, node }: Fired): boolean {
    if (resumed) return passed < changes.length;
    return changes.some((change, i) => i >= passed && change.type === type && change.node === node);
  }

  private say(what: WatchBreach['what'], row: number, other: number, change: Change): void {
    this.breaches.push({ what, row, other, node: change.node, change });
  }
}

const keyOf = (table: Table, node: number) => `${table} ${node}`;

/** Which watches an event can come from, recursive ones aside (DataTree.createNode, deleteNode, setData). */
function tablesOf(type: EventType): readonly Table[] {
  if (type === 'NodeChildrenChanged') return ['child', 'persistent'];
  return type === 'NodeDeleted' ? ['data', 'child', 'persistent'] : ['data', 'persistent'];
}
