import type { History } from './history.ts';
import { type Op, opKinds, outcomes, phases, type Stat, type Zxid } from './op.ts';

/** The cells that are not numbers, decoded when somebody asks. */
export interface Cells {
  value(row: number): string | null;
  stat(row: number): Stat | null;
  result(row: number): string | null;
}

/** A history as plain typed arrays; whoever makes one fills the columns and hands in the cells. */
export class ColumnHistory implements History {
  readonly length: number;
  readonly session: Int32Array;
  readonly xid: Int32Array;
  readonly kind: Uint8Array;
  readonly server: Uint8Array;
  readonly phase: Uint8Array;
  readonly outcome: Uint8Array;
  readonly error: Int32Array;
  readonly invokedNs: Float64Array;
  readonly returnedNs: Float64Array;
  readonly zxid: Float64Array;
  readonly path: Int32Array;
  readonly version: Int32Array;
  readonly flags: Uint8Array;
  readonly mzxid: Float64Array;
  readonly statVersion: Int32Array;
  readonly torn: boolean;
  readonly paths: readonly string[];
  private readonly cells: Cells;

  constructor(length: number, torn: boolean, paths: readonly string[], cells: Cells) {
    this.length = length;
    this.torn = torn;
    this.paths = paths;
    this.cells = cells;
    this.session = new Int32Array(length);
    this.xid = new Int32Array(length);
    this.kind = new Uint8Array(length);
    this.server = new Uint8Array(length);
    this.phase = new Uint8Array(length);
    this.outcome = new Uint8Array(length);
    this.error = new Int32Array(length);
    this.invokedNs = new Float64Array(length);
    this.returnedNs = new Float64Array(length);
    this.zxid = new Float64Array(length);
    this.path = new Int32Array(length);
    this.version = new Int32Array(length);
    this.flags = new Uint8Array(length);
    this.mzxid = new Float64Array(length);
    this.statVersion = new Int32Array(length);
  }

  value(row: number): string | null {
    return this.cells.value(row);
  }

  stat(row: number): Stat | null {
    return this.cells.stat(row);
  }

  result(row: number): string | null {
    return this.cells.result(row);
  }

  op(row: number): Op {
    if (!(row >= 0 && row < this.length)) throw new RangeError(`row ${row} of ${this.length}`);
    return {
      session: this.session[row]!,
      xid: this.xid[row]!,
      kind: nameAt(opKinds, this.kind[row]!),
      server: this.server[row]!,
      phase: nameAt(phases, this.phase[row]!),
      outcome: nameAt(outcomes, this.outcome[row]!),
      error: this.error[row]!,
      invokedNs: this.invokedNs[row]!,
      returnedNs: this.returnedNs[row]!,
      zxid: this.zxid[row]! as Zxid,
      path: this.paths[this.path[row]!]!,
      value: this.value(row),
      version: this.version[row]!,
      flags: this.flags[row]!,
      stat: this.stat(row),
      result: this.result(row),
    };
  }
}

function nameAt<T>(names: readonly T[], index: number): T {
  const name = names[index];
  if (name === undefined) throw new Error(`index ${index} is beyond the list of ${names.length} names`);
  return name;
}
