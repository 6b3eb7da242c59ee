import { readFileSync } from 'node:fs';
import { RecordBatchReader } from 'apache-arrow';
import { messageOf, Trouble } from '../base/trouble.ts';
import { type Cells, ColumnHistory } from './columns.ts';
import type { Declaration } from './declaration.ts';
import { damaged, framesOf, unreadable } from './frames.ts';
import type { History } from './history.ts';
import { anyVersion } from './op.ts';
import { afterAskedBit, strangeSchema } from './schema.ts';
import { StoredBatch } from './stored-batch.ts';

/** Reads a history back. A torn tail is left out and told (`torn`); damage anywhere else is an error with its offset. */
export function readHistory(path: string): History {
  return readHistories([path]);
}

/** Several files as one history, rows in the order of the files; torn when one of them is. */
export function readHistories(paths: readonly string[]): History {
  const files = paths.map(readFile);
  const batches = files.flatMap((file) => file.batches);
  const length = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const table = new PathTable();
  const torn = files.some((file) => file.torn);
  const history = new ColumnHistory(length, torn, table.paths, new BatchCells(batches));
  let row = 0;
  for (const { batches, declared } of files) {
    const pathIds = Int32Array.from(declared, ({ path }) => table.idOf(path));
    for (const batch of batches) {
      fill(history, row, batch, pathIds);
      row += batch.rows;
    }
  }
  return history;
}

interface HistoryFile {
  batches: StoredBatch[];
  declared: Declaration[];
  torn: boolean;
}

function readFile(path: string): HistoryFile {
  const bytes = bytesOf(path);
  const { offsets, end, complete } = framesOf(bytes, path);
  const file: HistoryFile = { batches: [], declared: [], torn: !complete };
  if (offsets.length === 0) return { ...file, torn: true };
  const reader = RecordBatchReader.from(bytes.subarray(0, end)).open();
  const strange = strangeSchema(reader.schema);
  if (strange !== undefined) throw unreadable(path, strange);
  for (const offset of offsets.slice(1)) {
    try {
      file.batches.push(new StoredBatch(reader.next().value!, file.declared));
    } catch (error) {
      throw damaged(path, offset, messageOf(error));
    }
  }
  return file;
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Trouble(`history ${path}`, messageOf(cause), 'give the directory of a run', { cause, exit: 2 });
  }
}

/** Gives equal paths equal ids, in the order of their first appearance. */
class PathTable {
  readonly paths: string[] = [];
  private readonly ids = new Map<string, number>();

  idOf(path: string): number {
    const known = this.ids.get(path);
    if (known !== undefined) return known;
    this.ids.set(path, this.paths.length);
    return this.paths.push(path) - 1;
  }
}

const plainColumns = [
  ...['session', 'xid', 'kind', 'server', 'phase', 'outcome', 'flags', 'error'],
  ...['invokedNs', 'returnedNs'],
] as const;

function fill(history: ColumnHistory, start: number, batch: StoredBatch, pathIds: Int32Array): void {
  for (const name of plainColumns) history[name].set(batch.column<Float64Array>(name), start);
  fillLongs(history.zxid, start, batch.zxid);
  const { declared, node, form, version, mzxidBack } = batch;
  for (let i = 0; i < batch.rows; i++) {
    const row = start + i;
    const { stat, version: askedAlone, error } = declared[node[i]!]!;
    history.path[row] = pathIds[node[i]!]!;
    if (stat === null) {
      history.statVersion[row] = -1;
      history.version[row] = version[i]!;
    } else {
      history.statVersion[row] = version[i]!;
      history.version[row] = form[i]! & afterAskedBit ? version[i]! - 1 : (askedAlone ?? anyVersion);
      history.mzxid[row] = stat.mzxid ?? history.zxid[row]! - mzxidBack[i]!;
    }
    if (error !== null) history.error[row] = error;
  }
}

/** Int64 to doubles by halves; BigInt would cost ten times as much. */
function fillLongs(into: Float64Array, start: number, longs: BigInt64Array): void {
  const low = new Uint32Array(longs.buffer, longs.byteOffset, longs.length * 2);
  const high = new Int32Array(longs.buffer, longs.byteOffset, longs.length * 2);
  for (let i = 0; i < longs.length; i++) into[start + i] = high[i * 2 + 1]! * 2 ** 32 + low[i * 2]!;
}

/** Finds the batch of a row; the next row asked for is mostly in the same one. */
class BatchCells implements Cells {
  private readonly batches: readonly StoredBatch[];
  private readonly starts: Int32Array;
  private last = 0;

  constructor(batches: readonly StoredBatch[]) {
    this.batches = batches;
    this.starts = new Int32Array(batches.length + 1);
    batches.forEach((batch, i) => {
      this.starts[i + 1] = this.starts[i]! + batch.rows;
    });
  }

  value(row: number): string | null {
    return this.batchOf(row).value(row - this.starts[this.last]!);
  }

  result(row: number): string | null {
    return this.batchOf(row).result(row - this.starts[this.last]!);
  }

  stat(row: number) {
    return this.batchOf(row).stat(row - this.starts[this.last]!);
  }

  private batchOf(row: number): StoredBatch {
    const { starts } = this;
    if (row >= starts[this.last]! && row < starts[this.last + 1]!) return this.batches[this.last]!;
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
    return this.batches[low]!;
  }
}
