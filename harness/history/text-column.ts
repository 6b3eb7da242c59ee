import { type Binary, type Data, makeData, Utf8 } from 'apache-arrow';
import type { Stat } from './op.ts';
import { statBytes, writeStat } from './stat-bytes.ts';

const encoder = new TextEncoder();

/** A column of nullable texts or Stats under construction: offsets, bytes and validity, reused batch after batch. */
export class TextColumn {
  private readonly offsets: Int32Array;
  private readonly validity: Uint8Array;
  private bytes = new Uint8Array(64 * 1024);
  private view = new DataView(this.bytes.buffer);
  private rows = 0;
  private nulls = 0;
  private end = 0;

  constructor(capacity: number) {
    this.offsets = new Int32Array(capacity + 1);
    this.validity = new Uint8Array((capacity + 7) >> 3);
  }

  get byteLength(): number {
    return this.end;
  }

  pushText(text: string | null): void {
    if (text !== null) {
      // UTF-8 needs at most three bytes per UTF-16 unit.
      this.reserve(text.length * 3);
      this.end += putText(this.bytes, this.end, text);
    }
    this.pushed(text !== null);
  }

  pushStat(stat: Stat | null): void {
    if (stat !== null) {
      this.reserve(statBytes);
      writeStat(this.view, this.end, stat);
      this.end += statBytes;
    }
    this.pushed(stat !== null);
  }

  /** The rows so far as Arrow data; a view of this column's own memory, valid until `clear`. */
  data<T extends Utf8 | Binary>(type: T): Data<T> {
    const shared = {
      length: this.rows,
      nullCount: this.nulls,
      nullBitmap: this.nulls > 0 ? this.validity : null,
      valueOffsets: this.offsets.subarray(0, this.rows + 1),
      data: this.bytes.subarray(0, this.end),
    };
    const data =
      type instanceof Utf8
        ? makeData({ ...shared, type: type as Utf8 })
        : makeData({ ...shared, type: type as Binary });
    return data as Data<T>;
  }

  clear(): void {
    this.validity.fill(0);
    this.rows = 0;
    this.nulls = 0;
    this.end = 0;
  }

  private pushed(present: boolean): void {
    if (present) this.validity[this.rows >> 3]! |= 1 << (this.rows & 7);
    else this.nulls++;
    this.offsets[++this.rows] = this.end;
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.end + more));
    grown.set(this.bytes.subarray(0, this.end));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** Short ASCII (paths, register values) is copied by hand: a call into the encoder costs more than 24 characters do. */
function putText(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  if (length < 48) {
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) break;
      bytes[at + i] = unit;
    }
    if (i === length) return length;
  }
  return encoder.encodeInto(text, bytes.subarray(at)).written;
}
