import type { Stat } from '../../harness/history/op.ts';
import type { Fired } from './znode-tree.ts';

/** Where a watch is kept; `exist` is a data watch on a node that was not there. */
export type Kept = 'data' | 'exist' | 'child' | 'persistent' | 'persistentRecursive';

const oneShot: readonly Kept[] = ['data', 'exist', 'child'];

/** The watches of one session, as both sides of a correct connection have them. */
export class SimulatedWatches {
  private readonly set = new Set<string>();

  add(kept: Kept, path: string): void {
    this.set.add(`${kept} ${path}`);
  }

  remove(path: string): void {
    for (const kept of [...oneShot, 'persistent', 'persistentRecursive']) this.set.delete(`${kept} ${path}`);
  }

  any(): string | undefined {
    return [...this.set][0]?.split(' ')[1];
  }

  /** Whether the session is told; what fires once is taken. */
  take({ type, path }: Fired): boolean {
    const kinds: readonly Kept[] =
      type === 'NodeChildrenChanged'
        ? ['child']
        : type === 'NodeDeleted'
          ? ['data', 'exist', 'child']
          : ['data', 'exist'];
    let told = kinds.filter((kept) => this.set.delete(`${kept} ${path}`)).length > 0;
    if (this.set.has(`persistent ${path}`)) told = true;
    for (const key of this.set) {
      const [kept, top] = key.split(' ') as [Kept, string];
      const below = path === top || path.startsWith(`${top}/`);
      if (kept === 'persistentRecursive' && below && type !== 'NodeChildrenChanged') told = true;
    }
    return told;
  }

  /** What a server finds when the client sets its watches again (DataTree.setWatches); those that find nothing stay. */
  setAgain(seenZxid: number, statOf: (path: string) => Stat | undefined): Fired[] {
    const events: Fired[] = [];
    for (const key of [...this.set]) {
      const [kept, path] = key.split(' ') as [Kept, string];
      const stat = statOf(path);
      const changedZxid = kept === 'child' ? stat?.pzxid : stat?.mzxid;
      const fire = (type: Fired['type']) => {
        events.push({ type, path });
        this.set.delete(key);
      };
      if (kept === 'exist' && stat) fire('NodeCreated');
      if (kept !== 'data' && kept !== 'child') continue;
      if (!stat) fire('NodeDeleted');
      else if (changedZxid! > seenZxid) fire(kept === 'child' ? 'NodeChildrenChanged' : 'NodeDataChanged');
    }
    return events;
  }
}
