import type { Op, Stat } from './op.ts';

/** A whole history in columns, one entry a row. Strings are interned: equal paths have equal ids. */
export interface History {
  readonly length: number;
  /** Whether a file lacks its end (its writer died before it could close it); every whole batch was read. */
  readonly torn: boolean;
  readonly session: Int32Array;
  readonly xid: Int32Array;
  /** Index into `opKinds`. */
  readonly kind: Uint8Array;
  readonly server: Uint8Array;
  /** Index into `phases`. */
  readonly phase: Uint8Array;
  /** Index into `outcomes`. */
  readonly outcome: Uint8Array;
  readonly error: Int32Array;
  readonly invokedNs: Float64Array;
  readonly returnedNs: Float64Array;
  /** Header zxids as doubles. */
  readonly zxid: Float64Array;
  /** Index into `paths`. */
  readonly path: Int32Array;
  readonly paths: readonly string[];
  readonly version: Int32Array;
  readonly flags: Uint8Array;
  /** From the Stat: mzxid and version; 0 and -1 without one. */
  readonly mzxid: Float64Array;
  readonly statVersion: Int32Array;
  value(row: number): string | null;
  stat(row: number): Stat | null;
  result(row: number): string | null;
  /** The row as an object; for findings and tests, not for loops over millions. */
  op(row: number): Op;
}
