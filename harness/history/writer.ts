import { closeSync, openSync, writeSync } from 'node:fs';
import { messageOf, Trouble } from '../base/trouble.ts';
import { BatchColumns } from './batch-columns.ts';
import { endOfStream, Messages } from './message.ts';
import type { Op, OpSink } from './op.ts';
import { historySchema } from './schema.ts';

export interface HistoryWriterOptions {
  /** A row is in the file at most this long after it was appended. */
  flushMs?: number;
  /** A batch is written as soon as it has this many rows. */
  flushRows?: number;
}

/** Text of one batch after which it is written whatever its rows: far below the 2 GiB its offsets can address. */
const flushTextBytes = 8 * 1024 * 1024;

/**
 * Appends ops to an Arrow IPC stream while the run goes on. What was written survives the death of this process; at
 * most the last `flushMs` of rows are lost. Never overwrites: a history that exists is evidence.
 * An error of writing is kept and thrown by every later call, so a run with a full disk cannot go on unnoticed.
 */
export class HistoryWriter implements OpSink {
  private readonly path: string;
  private readonly file: number;
  private readonly flushMs: number;
  private readonly flushRows: number;
  private readonly columns: BatchColumns;
  private readonly messages = new Messages();
  private timer: NodeJS.Timeout | undefined;
  private broken: Error | undefined;
  private closed = false;

  private constructor(path: string, options: HistoryWriterOptions) {
    this.path = path;
    this.flushMs = options.flushMs ?? 100;
    this.flushRows = options.flushRows ?? 4096;
    this.columns = new BatchColumns(this.flushRows);
    this.file = openNew(path);
    this.write(this.messages.schema(historySchema));
  }

  static open(path: string, options: HistoryWriterOptions = {}): HistoryWriter {
    return new HistoryWriter(path, options);
  }

  append(op: Op): void {
    if (this.broken) throw this.broken;
    if (this.closed) throw new Error(`append to the closed history ${this.path}`);
    try {
      this.columns.push(op);
    } catch (error) {
      // Half a row is in the columns now: nothing after it could be trusted.
      this.broken = error instanceof Error ? error : new Error(String(error));
      throw this.broken;
    }
    if (this.columns.rows >= this.flushRows || this.columns.textBytes >= flushTextBytes) this.flush();
    else this.timer ??= setTimeout(() => this.writeBatch(), this.flushMs);
  }

  /** Writes the rows appended so far. */
  flush(): void {
    this.writeBatch();
    if (this.broken) throw this.broken;
  }

  /** Writes what is left and the end-of-stream marker. Closing twice is safe. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.writeBatch();
    this.write(endOfStream);
    closeSync(this.file);
    if (this.broken) throw this.broken;
  }

  private writeBatch(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.columns.rows === 0 || this.broken) return;
    this.write(this.columns.take(this.messages));
  }

  /** All or nothing would need a transaction; a short write leaves a torn tail, after which nothing more is written. */
  private write(bytes: Uint8Array): void {
    if (this.broken) return;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
    } catch (cause) {
      const remedy = 'the run cannot be judged; make room or choose another --out';
      this.broken = new Trouble(`history ${this.path}`, messageOf(cause), remedy, { cause });
    }
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (cause) {
    throw new Trouble(`history ${path}`, messageOf(cause), 'give a directory that is new and writable', {
      cause,
    });
  }
}
