import type * as z from 'zod';
import type { Random } from '../base/random.ts';
import type { OwnTree } from './own-tree.ts';

/** One thing a client does next. Resolves when the client may go on; what came of it is in the history. */
export type Turn = (tree: OwnTree) => Promise<void>;

/** The first release that has what a workload needs, and what earlier ones lack. */
export interface Since {
  release: string;
  reason: string;
}

export interface Workload<P = unknown> {
  readonly name: string;
  readonly about: string;
  readonly params: z.ZodType<P>;
  /** Rules it gives something to look at, beside those of every scenario. */
  readonly rules: readonly string[];
  /** On servers of an earlier release it is unsupported. */
  since?: Since;
  clients(params: P): { count: number; turnsPerSecond: number; sessionTimeoutMs: number; deadlineMs: number };
  /** Creates what the clients work on, the root of the tree included. */
  setUp(tree: OwnTree, params: P): Promise<void>;
  /** Client `index`, with its own stream of draws: the n-th turn is the same for the same seed. */
  client(index: number, random: Random, params: P): Turn;
}

export function defineWorkload<P>(workload: Workload<P>): Workload {
  return workload as Workload;
}
