/**
 * Time of a run. `nowNs` is the system-wide monotonic clock (CLOCK_MONOTONIC), so every process of a run reads the
 * same one; a run notes its origin once, and all stored times are nanoseconds since that origin (exact in a double
 * for 104 days).
 */
export interface Clock {
  nowNs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Origin {
  /** `process.hrtime.bigint()` at the start of the run, as decimal text. */
  monotonicNs: string;
  /** `Date.now()` at the same moment, ms since 1970. */
  wallMs: number;
}

export function takeOrigin(): Origin {
  return { monotonicNs: process.hrtime.bigint().toString(), wallMs: Date.now() };
}

export function clockSince(origin: Origin): Clock {
  const start = BigInt(origin.monotonicNs);
  return {
    nowNs: () => Number(process.hrtime.bigint() - start),
    sleep,
  };
}

/** Wall-clock ms (a server's log line) to ns since the origin. Valid where servers share this machine's clock. */
export function nsOfWall(origin: Origin, wallMs: number): number {
  return (wallMs - origin.wallMs) * 1e6;
}

export function wallOfNs(origin: Origin, ns: number): Date {
  return new Date(origin.wallMs + ns / 1e6);
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    function done() {
      signal?.removeEventListener('abort', abort);
      resolve();
    }
    function abort() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}
