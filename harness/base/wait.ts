import { sleep } from './clock.ts';
import { messageOf } from './trouble.ts';

export class WaitedInVain extends Error {
  override readonly name = 'WaitedInVain';
}

export interface Wait {
  /** What is waited for, as it reads after "waited 5 s for". */
  what: string;
  deadlineMs: number;
  everyMs?: number;
  signal?: AbortSignal;
}

/**
 * Polls until `attempt` returns something other than undefined. An attempt that throws is tried again until the
 * deadline; the last error becomes the cause. Never waits without a deadline.
 */
export async function waitFor<T>(
  { what, deadlineMs, everyMs = 20, signal }: Wait,
  attempt: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await attempt();
      if (value !== undefined) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= end) {
      const why = last === undefined ? '' : ` (last try: ${messageOf(last)})`;
      throw new WaitedInVain(`waited ${deadlineMs} ms for ${what}${why}`, { cause: last });
    }
    await sleep(everyMs, signal);
  }
}
