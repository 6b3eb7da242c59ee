import type { StoredColumn } from './message.ts';

/** Up to this many characters a loop over char codes beats the call into Buffer. */
const shortText = 20;
const nothing = new Uint8Array(0);

/** A column of nullable texts under construction: validity, offsets and UTF-8, reused batch after batch. */
export class TextColumn {
  private readonly offsets: Int32Array;
  private readonly validity: Uint8Array;
  private bytes = Buffer.allocUnsafeSlow(64 * 1024);
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

  /** Appends a row and says how many bytes it took. */
  push(text: string | null): number {
    const start = this.end;
    if (text === null) {
      this.nulls++;
    } else {
      // UTF-8 needs at most three bytes for a UTF-16 unit.
      if (start + text.length * 3 > this.bytes.length) this.grow(text.length * 3);
      this.end = start + this.put(text, start);
      this.validity[this.rows >> 3]! |= 1 << (this.rows & 7);
    }
    this.offsets[++this.rows] = this.end;
    return this.end - start;
  }

  /** The rows so far; views of this column's own memory, valid until `clear`. */
  stored(): StoredColumn {
    const { rows, offsets, validity } = this;
    return {
      nulls: this.nulls,
      buffers: [
        this.nulls > 0 ? validity.subarray(0, (rows + 7) >> 3) : nothing,
        new Uint8Array(offsets.buffer, 0, (rows + 1) * 4),
        this.bytes.subarray(0, this.end),
      ],
    };
  }

  clear(): void {
    this.validity.fill(0);
    this.rows = 0;
    this.nulls = 0;
    this.end = 0;
  }

  private put(text: string, at: number): number {
    const { length } = text;
    if (length > shortText) return this.bytes.write(text, at);
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return this.bytes.write(text, at);
      this.bytes[at + i] = unit;
    }
    return length;
  }

  private grow(more: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.end + more));
    this.bytes.copy(grown, 0, 0, this.end);
    this.bytes = grown;
  }
}
