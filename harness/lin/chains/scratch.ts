import type { LinHistory } from '../history.ts';

/** Arrays as long as a history, made once and used by one part after another; a part resets what it touched. */
export interface Scratch {
  readonly chainOf: Int32Array;
  readonly rankOf: Int32Array;
  /** By call: another call that is tied to it, or -1; whoever uses it resets it. */
  readonly nextOf: Int32Array;
  /** By value id: the call that wrote it, or -1. */
  readonly writerOf: Int32Array;
  /** By value id: flags. */
  readonly valueFlags: Uint8Array;
}

export function scratchFor({ length, values }: LinHistory): Scratch {
  return {
    chainOf: new Int32Array(length),
    rankOf: new Int32Array(length),
    nextOf: new Int32Array(length).fill(-1),
    writerOf: new Int32Array(values.size).fill(-1),
    valueFlags: new Uint8Array(values.size),
  };
}
