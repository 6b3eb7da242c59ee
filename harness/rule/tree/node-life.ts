import { mayBeOver, type Sessions } from './sessions.ts';

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
  kind: 'create' | 'setData' | 'delete' | 'setACL';
  node: number;
  after: number;
  upTo: number;
  /** Version the node got by it. */
  version?: number;
  /** Number of the value it wrote, where it was seen; undefined when not. */
  text?: number | undefined;
  /** A delete of a node whose owner nobody saw: it may have been an ephemeral of the session that created it. */
  orphan?: true;
  /** What is wrong when nothing accounts for it. */
  breach: Breach;
}

/** One life of a node, as far as it is known: born in (bornAfter, bornUpTo], and exactly when these are neighbours. */
export interface Life {
  bornAfter: number;
  bornUpTo: number;
  /** Place of its create in a multi. */
  part: number;
  /** Infinity while it is not known to have died. */
  diedAfter: number;
  diedUpTo: number;
  /** Session id of the owner, '0' for none, undefined when nobody saw a Stat; or the recorded session that created it. */
  ownerId: string | undefined;
  ownerSession: number | undefined;
  mortal: boolean;
}

export const isBirthExact = ({ bornAfter, bornUpTo }: Life) => bornAfter === bornUpTo - 1;
export const isDeathExact = ({ diedAfter, diedUpTo }: Life) => diedAfter === diedUpTo - 1;

/** Whether the owner, if there is one, may have been gone by `zxid`: nothing shows that its session lived then. */
export function mayHaveEnded({ ownerId, ownerSession }: Life, zxid: number, sessions: Sessions): boolean {
  if (ownerSession !== undefined) return mayBeOver(sessions.of(ownerSession), zxid);
  if (ownerId === undefined) return true;
  if (ownerId === '0') return false;
  const life = sessions.owning(ownerId);
  return life === undefined || mayBeOver(life, zxid);
}
