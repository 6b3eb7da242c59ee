import type { Account } from './account.ts';
import type { Life } from './node-life.ts';
import { deletes, withoutSuffix } from './updates.ts';

/** Whether a node was there in the state that a zxid left behind, as far as the history can tell. */
export class Presence {
  private readonly account: Account;
  private readonly mayBeDeleted: ReadonlySet<number>;
  /** Names, or what stands before their numbers, that a create without an answer asked for. */
  private readonly mayBeCreated: ReadonlySet<string>;

  constructor(account: Account) {
    this.account = account;
    const unseen = account.lost.filter(({ zxid }) => zxid === 0).flatMap(({ updates }) => updates);
    this.mayBeDeleted = new Set(unseen.filter(({ kind }) => kind === 'delete').map(({ node }) => node));
    this.mayBeCreated = new Set(unseen.filter(({ kind }) => kind === 'create').map(({ asked }) => asked));
  }

  /** Nothing that is known rules it out. */
  may(path: string, zxid: number): boolean {
    const lives = this.livesOf(this.account.told.paths.find(path));
    if (lives.length > 0) return lives.some((life) => life.bornAfter < zxid && zxid < life.diedUpTo);
    return this.mayBeCreated.has(path) || this.mayBeCreated.has(withoutSuffix(path));
  }

  /** Nothing but its presence explains what is known. */
  surely(node: number, zxid: number): boolean {
    return this.livesOf(node).some((life) => life.bornUpTo <= zxid && zxid <= this.sureTo(node, life));
  }

  /** Certain stretches of zxids in which the node was there. */
  sureSpans(node: number): { from: number; to: number }[] {
    return this.livesOf(node).map((life) => ({ from: life.bornUpTo, to: this.sureTo(node, life) }));
  }

  /** When it was gone at the latest, by zxid: Infinity while nothing says so, undefined when it never was there. */
  goneBy(path: string): number | undefined {
    return this.livesOf(this.account.told.paths.find(path)).at(-1)?.diedUpTo;
  }

  /** Up to here nobody can have deleted it: the end of a session is only known from its close. */
  private sureTo(node: number, life: Life): number {
    if (Number.isFinite(life.diedAfter)) return life.diedAfter;
    if (life.mortal || this.mayBeDeleted.has(node)) return life.bornUpTo;
    const { sessions } = this.account;
    if (life.ownerSession !== undefined) return sessions.of(life.ownerSession).aliveZxid;
    if (life.ownerId === '0') return Number.POSITIVE_INFINITY;
    return (life.ownerId && sessions.owning(life.ownerId)?.aliveZxid) || life.bornUpTo;
  }

  private livesOf(node: number | undefined): readonly Life[] {
    return (node === undefined ? undefined : this.account.lives[node]) ?? [];
  }
}

/** The transaction that is known to have deleted each node, by its number: index among the updates. */
export function deletesOf({ updates, byZxid }: Account): Map<number, number> {
  const last = new Map<number, number>();
  for (const i of byZxid) if (updates.kind(i) === deletes) last.set(updates.node[i]!, i);
  return last;
}
