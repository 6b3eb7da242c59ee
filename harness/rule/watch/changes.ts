import type { Account } from '../tree/account.ts';
import { isBirthExact, isDeathExact, type Life, mayHaveEnded } from '../tree/node-life.ts';
import { creates, deletes, type Lost, setsData, type UpdateKind, withoutSuffix } from '../tree/updates.ts';

/** Watcher.Event.EventType of what changes nodes. */
export type EventType = 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged';

/** One change a watch fires for. `node` is where the event points: for a change of children the parent. */
export interface Change {
  zxid: number;
  type: EventType;
  node: number;
}

const typeOf: Readonly<Record<number, EventType>> = {
  [creates!]: 'NodeCreated',
  [deletes!]: 'NodeDeleted',
  [setsData!]: 'NodeDataChanged',
};
const kindOf: Record<Exclude<EventType, 'NodeChildrenChanged'>, UpdateKind> = {
  NodeCreated: 'create',
  NodeDeleted: 'delete',
  NodeDataChanged: 'setData',
};

/**
 * The changes of nodes as watches see them (DataTree: a create or a delete fires for the node and for the children of its
 * parent), from updates known to be applied and from ends of sessions known to the zxid; by node, in zxid order.
 */
export class Changes {
  private readonly account: Account;
  private readonly isWatched: (node: number) => boolean;
  private readonly own = new Map<number, Change[]>();
  private readonly children = new Map<number, Change[]>();
  private readonly merged = new Map<string, readonly Change[]>();

  /** `isWatched`: whose changes are of interest. */
  constructor(account: Account, isWatched: (node: number) => boolean) {
    this.account = account;
    this.isWatched = isWatched;
    const { updates, byZxid } = account;
    for (const i of byZxid) {
      const type = typeOf[updates.kind(i)];
      if (type) this.add(updates.node[i]!, updates.zxid[i]!, type);
    }
    for (const { zxid, node } of this.endsWithSession()) this.add(node, zxid, 'NodeDeleted');
    for (const list of [...this.own.values(), ...this.children.values()]) list.sort(byZxidOnly);
  }

  /** A node that ended with its session has no delete of its own. */
  private endsWithSession(): Change[] {
    return [...this.account.lives.entries()].flatMap(([node, known = []]) =>
      known
        .filter(isDeathExact)
        .map(({ diedUpTo }): Change => ({ zxid: diedUpTo, type: 'NodeDeleted', node }))
        .filter((end) => !this.isKnown(end)),
    );
  }

  ofNode(node: number): readonly Change[] {
    return this.own.get(node) ?? [];
  }

  /** Of its children, and its own end. */
  ofChildren(node: number): readonly Change[] {
    return this.once(`children ${node}`, () => {
      const ends = this.ofNode(node).filter(({ type }) => type === 'NodeDeleted');
      return [...(this.children.get(node) ?? []), ...ends];
    });
  }

  /** Everything an event can tell of it. */
  ofBoth(node: number): readonly Change[] {
    return this.once(`both ${node}`, () => [...(this.children.get(node) ?? []), ...this.ofNode(node)]);
  }

  /** Of the node and all below it. */
  ofSubtree(top: number): readonly Change[] {
    const { names } = this.account.told.paths;
    return this.once(`subtree ${top}`, () =>
      [...this.own].filter(([node]) => isAtOrBelow(names[node]!, names[top]!)).flatMap(([, list]) => list),
    );
  }

  isKnown({ type, node, zxid }: Change): boolean {
    const list = (type === 'NodeChildrenChanged' ? this.children.get(node) : this.own.get(node)) ?? [];
    for (let i = firstBehind(list, zxid - 1); i < list.length && list[i]!.zxid === zxid; i++) {
      if (list[i]!.type === type) return true;
    }
    return false;
  }

  /**
   * Whether such a change may have happened in (after, upTo] without being known: by a write nobody answered, or because
   * a session may have ended or the leader may have removed the node.
   */
  mayHaveHappened(type: EventType, node: number, after: number, upTo: number): boolean {
    const { account } = this;
    const isOpen = (lost: Lost) => lost.zxid === 0 && lost.after < upTo && lost.before > after + 1;
    if (type === 'NodeChildrenChanged') {
      const brood = account.broods.get(node);
      if (!brood) return false;
      const lost = [...brood.lostCreates, ...brood.lostDeletes].some(({ owner }) => isOpen(owner));
      return (
        lost || brood.lives.some((life) => this.mayBegin(life, after, upTo) || this.mayEnd(life, after, upTo))
      );
    }
    const name = account.told.paths.names[node]!;
    const kind = kindOf[type];
    const lost = account.lost.some(
      (each) =>
        isOpen(each) &&
        each.updates.some(
          ({ kind: its, path }) => its === kind && (path === name || path === withoutSuffix(name)),
        ),
    );
    const lives = account.lives[node] ?? [];
    if (type === 'NodeCreated') return lost || lives.some((life) => this.mayBegin(life, after, upTo));
    return lost || (type === 'NodeDeleted' && lives.some((life) => this.mayEnd(life, after, upTo)));
  }

  private mayBegin(life: Life, after: number, upTo: number): boolean {
    return !isBirthExact(life) && life.bornAfter < upTo && life.bornUpTo > after;
  }

  private mayEnd(life: Life, after: number, upTo: number): boolean {
    if (life.bornAfter >= upTo || life.diedUpTo <= after) return false;
    if (Number.isFinite(life.diedUpTo)) return !isDeathExact(life) && life.diedAfter < upTo;
    return life.mortal || mayHaveEnded(life, upTo, this.account.sessions);
  }

  private add(node: number, zxid: number, type: EventType): void {
    if (this.isWatched(node)) push(this.own, node, { zxid, type, node });
    if (type === 'NodeDataChanged') return;
    const parent = this.account.told.paths.parentOf(node);
    if (this.isWatched(parent))
      push(this.children, parent, { zxid, type: 'NodeChildrenChanged', node: parent });
  }

  private once(key: string, make: () => Change[]): readonly Change[] {
    const known = this.merged.get(key) ?? make().sort(byZxidOnly);
    this.merged.set(key, known);
    return known;
  }
}

/** Place of the first change behind a zxid. */
export function firstBehind(list: readonly Change[], zxid: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.zxid <= zxid) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const isAtOrBelow = (path: string, top: string) => path === top || path.startsWith(`${top}/`);

const byZxidOnly = (a: Change, b: Change) => a.zxid - b.zxid;

function push(lists: Map<number, Change[]>, node: number, change: Change): void {
  const there = lists.get(node);
  if (there) there.push(change);
  else lists.set(node, [change]);
}
