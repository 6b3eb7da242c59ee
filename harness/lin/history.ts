import type { Outcome } from './model.ts';
import type { ValueTable } from './values.ts';

/** Calls in columns; values by id (`values`). Only the order of times counts, not their unit. */
export interface LinHistory {
  readonly length: number;
  /** What the times are, for words: a line of the file (and a fraction within it), nanoseconds, or whatever the caller's clock counts. */
  readonly unit: 'line' | 'ns' | 'time';
  readonly process: Int32Array;
  readonly key: Int32Array;
  /** Index into `names`. */
  readonly f: Uint8Array;
  readonly names: readonly string[];
  readonly input: Int32Array;
  readonly output: Int32Array;
  /** Index into `outcomes`. */
  readonly outcome: Uint8Array;
  readonly invoked: Float64Array;
  /** Infinity for an unknown outcome. A call that returns at t and one invoked at t are concurrent. */
  readonly returned: Float64Array;
  readonly values: ValueTable;
}

export const outcomeCodes = { ok: 0, fail: 1, unknown: 2 } as const satisfies Record<Outcome, number>;
