import type { Messages, StoredColumn } from './message.ts';
import { NodeTable, type RowFit } from './node-table.ts';
import { anyVersion, type Op, opKinds, outcomes, phases } from './op.ts';
import { afterAskedBit, declarationKind, textForms } from './schema.ts';
import { TextColumn } from './text-column.ts';

const kindIndex = new Map<string, number>(opKinds.map((name, index) => [name, index]));
const phaseIndex = new Map<string, number>(phases.map((name, index) => [name, index]));
const outcomeIndex = new Map<string, number>(outcomes.map((name, index) => [name, index]));

/** The rows of the record batch under construction, in columns that are reused batch after batch. */
export class BatchColumns {
  rows = 0;
  private readonly nodes = new NodeTable();
  private readonly session: Int32Array;
  private readonly xid: Int32Array;
  private readonly kind: Uint8Array;
  private readonly server: Uint8Array;
  private readonly phase: Uint8Array;
  private readonly outcome: Uint8Array;
  private readonly flags: Uint8Array;
  private readonly form: Uint8Array;
  private readonly error: Int8Array;
  private readonly invokedNs: Float64Array;
  private readonly returnedNs: Float64Array;
  private readonly zxid: LongColumn;
  private readonly node: Int32Array;
  private readonly version: Int32Array;
  private readonly mzxidBack: Uint32Array;
  private readonly mtimeAfterMs: Uint32Array;
  private readonly text: TextColumn;
  /** Of the row being appended; used again for the next. */
  private readonly fit: RowFit = { valueBytes: 0, mzxid: true, mtime: true, version: true, error: true };

  constructor(rowsMax: number) {
    const capacity = rowsMax + 1; // the last row of a batch may be its declarations
    this.session = new Int32Array(capacity);
    this.xid = new Int32Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.server = new Uint8Array(capacity);
    this.phase = new Uint8Array(capacity);
    this.outcome = new Uint8Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.form = new Uint8Array(capacity);
    this.error = new Int8Array(capacity);
    this.invokedNs = new Float64Array(capacity);
    this.returnedNs = new Float64Array(capacity);
    this.zxid = new LongColumn(capacity);
    this.node = new Int32Array(capacity);
    this.version = new Int32Array(capacity);
    this.mzxidBack = new Uint32Array(capacity);
    this.mtimeAfterMs = new Uint32Array(capacity);
    this.text = new TextColumn(capacity);
  }

  get textBytes(): number {
    return this.text.byteLength;
  }

  /** Appends a row. An error may leave half of one behind: nothing can be appended after it. */
  push(op: Op): void {
    const row = this.rows;
    const fit = this.fit;
    this.session[row] = int32(op.session, 'session');
    this.xid[row] = int32(op.xid, 'xid');
    this.kind[row] = indexIn(kindIndex, op.kind);
    this.server[row] = byte(op.server, 'server');
    this.phase[row] = indexIn(phaseIndex, op.phase);
    this.outcome[row] = indexIn(outcomeIndex, op.outcome);
    this.flags[row] = byte(op.flags, 'flags');
    this.invokedNs[row] = op.invokedNs;
    this.returnedNs[row] = op.returnedNs;
    this.zxid.set(row, op.zxid);
    fit.error = op.error >= -128 && op.error <= 127;
    this.error[row] = fit.error ? op.error : 0;
    fit.valueBytes = this.putTexts(row, op);
    this.putStat(row, op);
    this.node[row] = this.nodes.numberOf(op, fit);
    this.rows = row + 1;
  }

  /** The rows as one message of the stream, with what they declare; the columns are then empty. */
  take(messages: Messages): Uint8Array {
    if (this.nodes.fresh > 0) this.putDeclarations();
    const message = messages.batch(this.rows, this.stored());
    this.rows = 0;
    this.text.clear();
    return message;
  }

  /** Value and result share a column: few operations have both. Says how many bytes the value has. */
  private putTexts(row: number, { value, result, path }: Op): number {
    if (result === null || (value !== null && result === path)) {
      this.form[row] = result === null ? textForms.value : textForms.valueAndPath;
      return this.text.push(value);
    }
    if (value === null) {
      this.form[row] = textForms.result;
      this.text.push(result);
      return 0;
    }
    this.form[row] = textForms.both;
    this.text.push(JSON.stringify([value, result]));
    return Buffer.byteLength(value);
  }

  private putStat(row: number, { stat, version, zxid }: Op): void {
    const { fit } = this;
    const back = stat === null ? 0 : zxid - stat.mzxid;
    const afterMs = stat === null ? 0 : stat.mtimeMs - stat.ctimeMs;
    fit.mzxid = isUint32(back);
    fit.mtime = isUint32(afterMs);
    this.mzxidBack[row] = fit.mzxid ? back : 0;
    this.mtimeAfterMs[row] = fit.mtime ? afterMs : 0;
    this.version[row] = int32(stat === null ? version : stat.version, 'version');
    const asked = stat !== null && version !== anyVersion;
    fit.version = !asked || stat.version === version + 1;
    if (asked && fit.version) this.form[row]! |= afterAskedBit;
  }

  private putDeclarations(): void {
    const row = this.rows++;
    const { first, json } = this.nodes.takeFresh();
    this.kind[row] = declarationKind;
    this.node[row] = first;
    this.text.push(json);
    for (const column of [this.session, this.xid, this.server, this.phase, this.outcome, this.flags])
      column[row] = 0;
    for (const column of [this.form, this.error, this.version, this.mzxidBack, this.mtimeAfterMs])
      column[row] = 0;
    for (const column of [this.invokedNs, this.returnedNs]) column[row] = 0;
    this.zxid.set(row, 0);
  }

  /** In the order of the schema. */
  private stored(): StoredColumn[] {
    const numbers = [
      ...[this.session, this.xid, this.kind, this.server, this.phase, this.outcome, this.flags, this.form],
      ...[this.error, this.invokedNs, this.returnedNs, this.zxid.longs],
      ...[this.node, this.version, this.mzxidBack, this.mtimeAfterMs],
    ];
    const columns = numbers.map(({ buffer, BYTES_PER_ELEMENT }): StoredColumn => {
      return { nulls: 0, buffers: [noBytes, new Uint8Array(buffer, 0, this.rows * BYTES_PER_ELEMENT)] };
    });
    return [...columns, this.text.stored()];
  }
}

const noBytes = new Uint8Array(0);

/** 64-bit integers written as two halves of a double: no BigInt for every row. */
class LongColumn {
  readonly longs: BigInt64Array;
  private readonly low: Uint32Array;
  private readonly high: Int32Array;

  constructor(capacity: number) {
    this.longs = new BigInt64Array(capacity);
    this.low = new Uint32Array(this.longs.buffer);
    this.high = new Int32Array(this.longs.buffer);
  }

  set(row: number, value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.low[row * 2] = value - high * 2 ** 32;
    this.high[row * 2 + 1] = high;
  }
}

const isUint32 = (value: number) => value >>> 0 === value;

function int32(value: number, what: string): number {
  if ((value | 0) !== value) throw new Error(`${what} ${value} is no 32-bit integer`);
  return value;
}

function byte(value: number, what: string): number {
  if ((value & 0xff) !== value) throw new Error(`${what} ${value} is not between 0 and 255`);
  return value;
}

function indexIn(table: Map<string, number>, name: string): number {
  const index = table.get(name);
  if (index === undefined) throw new Error(`"${name}" is none of ${[...table.keys()].join(', ')}`);
  return index;
}
