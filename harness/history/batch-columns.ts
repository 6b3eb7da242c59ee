import {
  Binary,
  type Data,
  Float64,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Struct,
  Uint8,
  Utf8,
} from 'apache-arrow';
import { type Op, opKinds, outcomes, phases } from './op.ts';
import { checksumKey, checksumOf, historySchema } from './schema.ts';
import { TextColumn } from './text-column.ts';

const kindIndex = new Map<string, number>(opKinds.map((name, index) => [name, index]));
const phaseIndex = new Map<string, number>(phases.map((name, index) => [name, index]));
const outcomeIndex = new Map<string, number>(outcomes.map((name, index) => [name, index]));

/** The rows of the record batch under construction, in columns that are reused batch after batch. */
export class BatchColumns {
  rows = 0;
  private readonly session: Int32Array;
  private readonly xid: Int32Array;
  private readonly kind: Uint8Array;
  private readonly server: Uint8Array;
  private readonly phase: Uint8Array;
  private readonly outcome: Uint8Array;
  private readonly error: Int16Array;
  private readonly invokedNs: Float64Array;
  private readonly returnedNs: Float64Array;
  private readonly zxid: LongColumn;
  private readonly path: TextColumn;
  private readonly value: TextColumn;
  private readonly version: Int32Array;
  private readonly flags: Uint8Array;
  private readonly mzxid: LongColumn;
  private readonly statVersion: Int32Array;
  private readonly stat: TextColumn;
  private readonly result: TextColumn;

  constructor(capacity: number) {
    this.session = new Int32Array(capacity);
    this.xid = new Int32Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.server = new Uint8Array(capacity);
    this.phase = new Uint8Array(capacity);
    this.outcome = new Uint8Array(capacity);
    this.error = new Int16Array(capacity);
    this.invokedNs = new Float64Array(capacity);
    this.returnedNs = new Float64Array(capacity);
    this.zxid = new LongColumn(capacity);
    this.path = new TextColumn(capacity);
    this.value = new TextColumn(capacity);
    this.version = new Int32Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.mzxid = new LongColumn(capacity);
    this.statVersion = new Int32Array(capacity);
    this.stat = new TextColumn(capacity);
    this.result = new TextColumn(capacity);
  }

  get textBytes(): number {
    return this.path.byteLength + this.value.byteLength + this.result.byteLength;
  }

  push(op: Op): void {
    const row = this.rows;
    const kind = indexIn(kindIndex, op.kind);
    const phase = indexIn(phaseIndex, op.phase);
    const outcome = indexIn(outcomeIndex, op.outcome);
    this.session[row] = op.session;
    this.xid[row] = op.xid;
    this.kind[row] = kind;
    this.server[row] = op.server;
    this.phase[row] = phase;
    this.outcome[row] = outcome;
    this.error[row] = op.error;
    this.invokedNs[row] = op.invokedNs;
    this.returnedNs[row] = op.returnedNs;
    this.zxid.set(row, op.zxid);
    this.path.pushText(op.path);
    this.value.pushText(op.value);
    this.version[row] = op.version;
    this.flags[row] = op.flags;
    this.mzxid.set(row, op.stat?.mzxid ?? 0);
    this.statVersion[row] = op.stat?.version ?? -1;
    this.stat.pushStat(op.stat);
    this.result.pushText(op.result);
    this.rows = row + 1;
  }

  /** The rows as a record batch over this object's own memory, in the order of the schema. */
  batch(): RecordBatch {
    const length = this.rows;
    const children: Data[] = [
      makeData({ type: new Int32(), length, data: this.session }),
      makeData({ type: new Int32(), length, data: this.xid }),
      makeData({ type: new Uint8(), length, data: this.kind }),
      makeData({ type: new Uint8(), length, data: this.server }),
      makeData({ type: new Uint8(), length, data: this.phase }),
      makeData({ type: new Uint8(), length, data: this.outcome }),
      makeData({ type: new Int16(), length, data: this.error }),
      makeData({ type: new Float64(), length, data: this.invokedNs }),
      makeData({ type: new Float64(), length, data: this.returnedNs }),
      this.zxid.data(length),
      this.path.data(new Utf8()),
      this.value.data(new Utf8()),
      makeData({ type: new Int32(), length, data: this.version }),
      makeData({ type: new Uint8(), length, data: this.flags }),
      this.mzxid.data(length),
      makeData({ type: new Int32(), length, data: this.statVersion }),
      this.stat.data(new Binary()),
      this.result.data(new Utf8()),
    ];
    const rows = makeData({ type: new Struct(historySchema.fields), length, nullCount: 0, children });
    const metadata = new Map<string, string>();
    const batch = new RecordBatch(historySchema, rows, metadata);
    metadata.set(checksumKey, checksumOf(batch));
    return batch;
  }

  clear(): void {
    this.rows = 0;
    for (const column of [this.path, this.value, this.stat, this.result]) column.clear();
  }
}

/** 64-bit integers written as two halves of a double: no BigInt for every row. */
class LongColumn {
  private readonly longs: BigInt64Array;
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

  data(length: number): Data<Int64> {
    return makeData({ type: new Int64(), length, data: this.longs });
  }
}

function indexIn(table: Map<string, number>, name: string): number {
  const index = table.get(name);
  if (index === undefined) throw new Error(`"${name}" is none of ${[...table.keys()].join(', ')}`);
  return index;
}
