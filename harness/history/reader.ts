import { readFileSync } from 'node:fs';
import { type Data, type RecordBatch, RecordBatchReader } from 'apache-arrow';
import { messageOf, Trouble } from '../base/trouble.ts';
import { type Cells, ColumnHistory } from './columns.ts';
import { damaged, framesOf } from './frames.ts';
import type { History } from './history.ts';
import { PathTable } from './path-table.ts';
import { checksumKey, checksumOf, columnNames, strangeSchema } from './schema.ts';
import { readStat } from './stat-bytes.ts';

/** Reads a history back. A torn tail is left out and told (`torn`); damage anywhere else is an error with its offset. */
export function readHistory(path: string): History {
  return readHistories([path]);
}

/** Several files as one history, rows in the order of the files; torn when one of them is. */
export function readHistories(paths: readonly string[]): History {
  const files = paths.map(readFile);
  const batches = files.flatMap((file) => file.batches);
  const length = batches.reduce((sum, batch) => sum + batch.numRows, 0);
  const table = new PathTable();
  const cells = new BatchCells(batches);
  const torn = files.some((file) => file.torn);
  const history = new ColumnHistory(length, torn, table.paths, cells);
  let row = 0;
  for (const batch of batches) {
    fill(history, row, batch, table);
    row += batch.numRows;
  }
  return history;
}

function readFile(path: string): { batches: RecordBatch[]; torn: boolean } {
  const bytes = bytesOf(path);
  const frames = framesOf(bytes, path);
  if (!frames.hasSchema) return { batches: [], torn: true };
  const batches: RecordBatch[] = [];
  let at = 0;
  try {
    const reader = RecordBatchReader.from(bytes.subarray(0, frames.end)).open();
    const strange = strangeSchema(reader.schema);
    if (strange !== undefined) throw new Error(strange);
    for (const offset of frames.batchOffsets) {
      at = offset;
      const { value: batch } = reader.next();
      if (!batch) throw new Error('a record batch that cannot be read');
      if (checksumOf(batch) !== batch.metadata.get(checksumKey))
        throw new Error('its checksum does not match');
      batches.push(batch);
    }
  } catch (error) {
    throw damaged(path, at, messageOf(error));
  }
  return { batches, torn: !frames.complete };
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Trouble(`history ${path}`, messageOf(cause), 'give the directory of a run', { cause, exit: 2 });
  }
}

function fill(history: ColumnHistory, row: number, batch: RecordBatch, table: PathTable): void {
  const rows = batch.numRows;
  const numbers = (name: string) => column(batch, name).values.subarray(0, rows);
  history.session.set(numbers('session'), row);
  history.xid.set(numbers('xid'), row);
  history.kind.set(numbers('kind'), row);
  history.server.set(numbers('server'), row);
  history.phase.set(numbers('phase'), row);
  history.outcome.set(numbers('outcome'), row);
  history.error.set(numbers('error'), row);
  history.invokedNs.set(numbers('invokedNs'), row);
  history.returnedNs.set(numbers('returnedNs'), row);
  history.version.set(numbers('version'), row);
  history.flags.set(numbers('flags'), row);
  history.statVersion.set(numbers('statVersion'), row);
  fillLongs(history.zxid, row, numbers('zxid'));
  fillLongs(history.mzxid, row, numbers('mzxid'));
  const { valueOffsets, values } = column(batch, 'path');
  for (let i = 0; i < rows; i++)
    history.path[row + i] = table.idOf(values, valueOffsets[i], valueOffsets[i + 1]);
}

/** Int64 to doubles by halves; BigInt would cost ten times as much. */
function fillLongs(into: Float64Array, row: number, longs: BigInt64Array): void {
  const low = new Uint32Array(longs.buffer, longs.byteOffset, longs.length * 2);
  const high = new Int32Array(longs.buffer, longs.byteOffset, longs.length * 2);
  for (let i = 0; i < longs.length; i++) into[row + i] = high[i * 2 + 1]! * 2 ** 32 + low[i * 2]!;
}

/** Texts and Stats stay as bytes in their batches until somebody asks for one. */
class BatchCells implements Cells {
  private readonly starts: Int32Array;
  private readonly values: TextCells[];
  private readonly results: TextCells[];
  private readonly stats: TextCells[];
  private last = 0;

  constructor(batches: readonly RecordBatch[]) {
    this.starts = new Int32Array(batches.length + 1);
    batches.forEach((batch, i) => {
      this.starts[i + 1] = this.starts[i]! + batch.numRows;
    });
    this.values = batches.map((batch) => new TextCells(column(batch, 'value')));
    this.results = batches.map((batch) => new TextCells(column(batch, 'result')));
    this.stats = batches.map((batch) => new TextCells(column(batch, 'stat')));
  }

  value(row: number): string | null {
    const batch = this.batchOf(row);
    return this.values[batch]!.text(row - this.starts[batch]!);
  }

  result(row: number): string | null {
    const batch = this.batchOf(row);
    return this.results[batch]!.text(row - this.starts[batch]!);
  }

  stat(row: number) {
    const batch = this.batchOf(row);
    return this.stats[batch]!.stat(row - this.starts[batch]!);
  }

  private batchOf(row: number): number {
    const { starts } = this;
    if (row >= starts[this.last]! && row < starts[this.last + 1]!) return this.last;
    if (!(row >= 0 && row < starts[starts.length - 1]!))
      throw new RangeError(`row ${row} is not in the history`);
    let low = 0;
    let high = starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    this.last = low;
    return low;
  }
}

class TextCells {
  private readonly validity: Uint8Array | undefined;
  private readonly offsets: Int32Array;
  private readonly bytes: Buffer;
  private readonly view: DataView;

  constructor(data: Data) {
    this.validity = data.nullCount > 0 ? data.nullBitmap : undefined;
    this.offsets = data.valueOffsets;
    const { buffer, byteOffset, byteLength } = data.values as Uint8Array;
    this.bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
    this.view = new DataView(buffer, byteOffset, byteLength);
  }

  text(row: number): string | null {
    return this.isNull(row) ? null : this.bytes.toString('utf8', this.offsets[row]!, this.offsets[row + 1]!);
  }

  stat(row: number) {
    return this.isNull(row) ? null : readStat(this.view, this.offsets[row]!);
  }

  private isNull(row: number): boolean {
    return this.validity !== undefined && ((this.validity[row >> 3]! >> (row & 7)) & 1) === 0;
  }
}

function column(batch: RecordBatch, name: string): Data {
  return batch.data.children[columnNames.indexOf(name)]! as Data;
}
