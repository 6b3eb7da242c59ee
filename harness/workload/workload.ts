import type * as z from 'zod';
import type { Random } from '../base/random.ts';
import type { RecordedSession } from '../client/recorded-session.ts';

/** The subtree all workloads live in; rules ignore what is outside. */
export const root = '/gauntlet';

/** One thing a client does next. Resolves when the client may go on; what came of it is in the history. */
export type Turn = (session: RecordedSession) => Promise<void>;

export interface Workload<P = unknown> {
  readonly name: string;
  readonly about: string;
  readonly params: z.ZodType<P>;
  /** Rules it gives something to look at, beside those of every scenario. */
  readonly rules: readonly string[];
  clients(params: P): { count: number; turnsPerSecond: number; sessionTimeoutMs: number; deadlineMs: number };
  /** Creates what the clients work on. */
  setUp(session: RecordedSession, params: P): Promise<void>;
  /** Client `index`, with its own stream of draws: the n-th turn is the same for the same seed. */
  client(index: number, random: Random, params: P): Turn;
}

export function defineWorkload<P>(workload: Workload<P>): Workload {
  return workload as Workload;
}
