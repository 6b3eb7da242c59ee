import { mayBeOver, type Sessions } from './sessions.ts';
import type { Sighting, Update } from './updates.ts';

/** A contradiction between answers. Words and names are added by the rule that reports it. */
export interface Breach {
  path: string;
  /** What is wrong, as it reads after the path. */
  what: string;
  /** The rows that contradict each other, the one that shows it last. */
  rows: number[];
  zxid: number;
  /** It concerns the life of an ephemeral. */
  ephemeral?: true;
  /** No breach if lost writes may have deleted and created the node again in between. */
  unlessReborn?: true;
}

/** A change that nobody acknowledged but that must have happened, in (after, upTo]. Some lost write must account for it. */
export interface Demand {
  kind: 'create' | 'setData' | 'delete';
  path: string;
  after: number;
  upTo: number;
  /** Version the node got by it. */
  version?: number;
  /** Value it wrote, where it was seen; undefined when not. */
  value?: string | null | undefined;
  /** A delete of a node whose owner nobody saw: it may have been an ephemeral of the session that created it. */
  orphan?: true;
  /** What is wrong when nothing accounts for it. */
  breach: Breach;
}

/** One life of a node, as far as it is known. `born` and `died` are exact when both ends are equal. */
export interface Life {
  born: { after: number; upTo: number; part: number };
  died: { after: number; upTo: number } | undefined;
  /** Session id of the owner, '0' for none, undefined when nobody saw a Stat; or the recorded session that created it. */
  owner: { id?: string; session?: number };
  mortal: boolean;
}

export interface NodeLife {
  path: string;
  lives: Life[];
  demands: Demand[];
  breaches: Breach[];
}

/** Everything known of one node, to be walked in zxid order. */
export type Item =
  | { at: 'update'; zxid: number; update: Update }
  | { at: 'end-of-session'; zxid: number; session: number; row: number }
  | { at: 'sighting'; zxid: number; sighting: Sighting };

const rank = { update: 0, 'end-of-session': 1, sighting: 2 } as const;
export function inZxidOrder(a: Item, b: Item): number {
  if (a.zxid !== b.zxid) return a.zxid - b.zxid;
  if (a.at !== b.at) return rank[a.at] - rank[b.at];
  return a.at === 'update' && b.at === 'update' ? a.update.part - b.update.part : 0;
}

/** Whether the owner, if there is one, may have been gone by `zxid`: nothing shows that its session lived then. */
export function mayHaveEnded({ owner }: Life, zxid: number, sessions: Sessions): boolean {
  if (owner.session !== undefined) return mayBeOver(sessions.of(owner.session), zxid);
  if (owner.id === undefined) return true;
  if (owner.id === '0') return false;
  const life = sessions.owning(owner.id);
  return life === undefined || mayBeOver(life, zxid);
}
