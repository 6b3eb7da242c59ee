import pRetry from 'p-retry';
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
 * deadline; the last error becomes the cause. A TypeError, which is a mistake of ours, and an abort end it at once.
 */
export async function waitFor<T>(
  { what, deadlineMs, everyMs = 20, signal }: Wait,
  attempt: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const nothingYet = new Error('nothing yet');
  try {
    return await pRetry(
      async () => {
        const value = await attempt();
        if (value === undefined) throw nothingYet;
        return value;
      },
      {
        retries: Number.POSITIVE_INFINITY,
        factor: 1,
        minTimeout: everyMs,
        maxTimeout: everyMs,
        maxRetryTime: deadlineMs,
        ...(signal && { signal }),
      },
    );
  } catch (cause) {
    if (cause instanceof TypeError || signal?.aborted) throw cause;
    const why = cause === nothingYet ? '' : ` (last try: ${messageOf(cause)})`;
    throw new WaitedInVain(`waited ${deadlineMs} ms for ${what}${why}`, { cause });
  }
}
