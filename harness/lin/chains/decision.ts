import type { Call } from '../model.ts';
import type { Contradiction } from './chains.ts';

/** What an algorithm says that looks at values alone and never searches. */
export type Decision =
  | { verdict: 'ok' }
  | { verdict: 'violation'; breach: Breach; core: Core }
  /** Not its case, and why. */
  | { verdict: 'undecided'; why: string };

/** Why no order is possible. */
export type Breach =
  | Contradiction
  /** `op` saw a value that no call wrote. */
  | { kind: 'unwritten'; op: number }
  /** Two calls each replaced (or took) a value that existed once. */
  | { kind: 'twice'; ops: readonly [number, number] }
  /** Compare-and-set calls that each need another one of them to come first. */
  | { kind: 'circle'; op: number }
  /** Two reads that cannot both be states of one object. */
  | { kind: 'apart'; ops: readonly [number, number] }
  /** `first` was enqueued before `second`, yet `second` was dequeued first. */
  | { kind: 'overtaken'; first: Passage; second: Passage }
  /** A dequeue found nothing although elements were there all the time it ran. */
  | { kind: 'never-empty'; op: number };

/** An element's way through a queue: the calls that put and took it; `taker` is -1 where nobody did. */
interface Passage {
  readonly giver: number;
  readonly taker: number;
}

/** Few calls that have no legal order by themselves, whatever the others are. */
export interface Core {
  readonly ops: readonly number[];
  /** Calls of which less is claimed than was recorded. */
  readonly as: ReadonlyMap<number, Call>;
}

export const ok: Decision = { verdict: 'ok' };
export const undecided = (why: string): Decision => ({ verdict: 'undecided', why });
export const violation = (breach: Breach, core: Core): Decision => ({ verdict: 'violation', breach, core });
