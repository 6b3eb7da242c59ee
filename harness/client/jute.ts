import type { Zxid } from '../history/op.ts';

/**
 * Jute, ZooKeeper's encoding: big endian; a string or buffer is an int32 length (-1 for null) and its bytes; a vector
 * is an int32 count and its items (zookeeper-jute, BinaryOutputArchive and BinaryInputArchive).
 */

/** Bytes that no server following the protocol sends; ends the connection they came on. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Room for some hundred requests: a turn's batch seldom outgrows it, and a short-lived session costs little. */
const chunkBytes = 64 * 1024;
/** What is left of a chunk below this is dropped when a batch is taken, so that small batches do not split chunks. */
const leftoverBytes = 2 * 1024;
/** Up to this many characters a loop over char codes beats the call into Buffer. */
const shortText = 24;
/** What the decoder puts where bytes are not UTF-8; it can also be part of the text. */
const replacement = '\ufffd';
/** 2^21: the high words from which a 64-bit number no longer fits a double exactly. */
const exactHigh = 0x200000;

/** Appends values to a batch. `take` hands the batch over; its bytes are never touched again, so they need no copy. */
export class Writer {
  #buffer = Buffer.allocUnsafeSlow(chunkBytes);
  #start = 0;
  #at = 0;

  get length(): number {
    return this.#at - this.#start;
  }

  /** Opens a length-prefixed frame; give the returned mark to `endFrame`. */
  beginFrame(): number {
    const mark = this.length;
    this.int(0);
    return mark;
  }

  /** Forgets a frame that was begun, and what was written into it. */
  dropFrame(mark: number): void {
    this.#at = this.#start + mark;
  }

  endFrame(mark: number): void {
    this.#putInt(this.#start + mark, this.length - mark - 4);
  }

  int(value: number): void {
    this.#ensure(4);
    this.#putInt(this.#at, value);
    this.#at += 4;
  }

  /** A 64-bit integer from a safe integer. */
  long(value: number): void {
    this.#ensure(8);
    this.#putInt(this.#at, Math.floor(value / 2 ** 32));
    this.#putInt(this.#at + 4, value);
    this.#at += 8;
  }

  /** A 64-bit number from up to 16 hex digits (session ids use all 64 bits). */
  hexLong(hex: string): void {
    const digits = hex.padStart(16, '0');
    this.int(Number.parseInt(digits.slice(0, 8), 16) | 0);
    this.int(Number.parseInt(digits.slice(8), 16) | 0);
  }

  bool(value: boolean): void {
    this.#ensure(1);
    this.#buffer[this.#at++] = value ? 1 : 0;
  }

  /** A jute string or buffer; text becomes UTF-8. */
  bytes(value: string | Uint8Array | null): void {
    if (typeof value === 'string') {
      this.#text(value);
    } else if (value === null) {
      this.int(-1);
    } else {
      this.int(value.length);
      this.raw(value);
    }
  }

  /** Bytes without a length before them. */
  raw(value: Uint8Array): void {
    this.#ensure(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  vector<T>(items: readonly T[], write: (item: T) => void): void {
    this.int(items.length);
    for (const item of items) write(item);
  }

  /** Everything written since the last `take`. */
  take(): Buffer {
    const batch = this.#buffer.subarray(this.#start, this.#at);
    if (this.#buffer.length - this.#at < leftoverBytes) {
      this.#buffer = Buffer.allocUnsafeSlow(chunkBytes);
      this.#start = this.#at = 0;
    } else {
      this.#start = this.#at;
    }
    return batch;
  }

  #text(value: string): void {
    this.#ensure(4 + value.length * 3);
    const from = this.#at + 4;
    const length = (value.length <= shortText && this.#ascii(value, from)) || this.#buffer.write(value, from);
    this.#putInt(this.#at, length);
    this.#at = from + length;
  }

  /** Writes plain ASCII and returns its length, or 0 when the text is empty or anything else. */
  #ascii(value: string, from: number): number {
    const buffer = this.#buffer;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code >= 0x80) return 0;
      buffer[from + i] = code;
    }
    return value.length;
  }

  #putInt(at: number, value: number): void {
    const buffer = this.#buffer;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  }

  #ensure(bytes: number): void {
    if (this.#at + bytes > this.#buffer.length) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(chunkBytes, 2 * (this.length + bytes)));
    this.#buffer.copy(grown, 0, this.#start, this.#at);
    this.#at -= this.#start;
    this.#start = 0;
    this.#buffer = grown;
  }
}

/** Reads values between two offsets of a buffer; whatever would leave them is `Malformed`. */
export class Reader {
  #buffer: Buffer;
  #view: DataView;
  #at: number;
  #end: number;

  constructor(buffer: Buffer = Buffer.alloc(0), start = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#view = viewOf(buffer);
    this.#at = start;
    this.#end = end;
  }

  /** Aims the same reader at another range, which saves an object per frame. */
  reset(buffer: Buffer, start: number, end: number): void {
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#view = viewOf(buffer);
    }
    this.#at = start;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  int(): number {
    const at = this.skip(4, 'an int');
    return this.#view.getInt32(at);
  }

  /** A 64-bit integer; one that a double cannot hold exactly is no time, zxid or count of a real server. */
  long(): number {
    return exactLong(this.#view, this.skip(8, 'a long'));
  }

  zxid(): Zxid {
    return this.long() as Zxid;
  }

  /** Passes over a record of fixed size; says where in `view` it lies. One check of bounds for all its fields. */
  skip(bytes: number, what: string): number {
    const at = this.#at;
    if (this.#end - at < bytes) throw new Malformed(`${what} with ${this.remaining} bytes left`);
    this.#at = at + bytes;
    return at;
  }

  get view(): DataView {
    return this.#view;
  }

  /** A 64-bit number as 16 hex digits, or '0' for zero. */
  hexLong(): string {
    return hexAt(this.#view, this.skip(8, 'a long'));
  }

  /** Like Java's readBoolean, anything but 0 is true. */
  bool(): boolean {
    return this.#buffer[this.skip(1, 'a boolean')] !== 0;
  }

  /** A copy of a buffer; null for null. */
  bytes(): Buffer | null {
    const length = this.#length();
    if (length < 0) return null;
    const from = this.#at;
    this.#at = from + length;
    return Buffer.from(this.#buffer.subarray(from, this.#at));
  }

  /** A buffer as text where its bytes are UTF-8, else as a copy of them; null for null. */
  textOrBytes(): string | Buffer | null {
    const start = this.#at;
    const text = this.ustring();
    if (text === null || !text.includes(replacement)) return text;
    this.#at = start;
    const bytes = this.bytes()!;
    return bytes.equals(Buffer.from(text)) ? text : bytes;
  }

  ustring(): string | null {
    const length = this.#length();
    if (length < 0) return null;
    const from = this.#at;
    this.#at = from + length;
    return this.#buffer.toString('utf8', from, this.#at);
  }

  /** A string that the protocol never leaves null (paths, ACL schemes, child names). */
  text(): string {
    const value = this.ustring();
    if (value === null) throw new Malformed('a null string where the protocol has none');
    return value;
  }

  /** `itemBytes`: the fewest bytes an item can have, so that a count is believed only when its items can be there. */
  vector<T>(itemBytes: number, read: () => T): T[] {
    const count = this.int();
    if (count === -1) return [];
    if (count < 0 || count * itemBytes > this.remaining) {
      throw new Malformed(`a vector of ${count} items in ${this.remaining} bytes`);
    }
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }

  /** All bytes that are left, as a copy. */
  rest(): Buffer {
    const rest = Buffer.from(this.#buffer.subarray(this.#at, this.#end));
    this.#at = this.#end;
    return rest;
  }

  /** Bytes left over mean that the frame was not what it was taken for. */
  expectEnd(): void {
    if (this.#at !== this.#end) throw new Malformed(`${this.remaining} bytes after the end of a record`);
  }

  #length(): number {
    const length = this.int();
    if (length < -1 || length > this.remaining) {
      throw new Malformed(`a string or buffer of ${length} bytes with ${this.remaining} left`);
    }
    return length;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** A long that a double holds; `Malformed` when it does not. */
export function exactLong(view: DataView, at: number): number {
  const high = view.getInt32(at);
  if (high >= exactHigh || high < -exactHigh)
    throw new Malformed(`a long beyond 2^53 (0x${hexAt(view, at)})`);
  return high * 2 ** 32 + view.getUint32(at + 4);
}

export function hexAt(view: DataView, at: number): string {
  const high = view.getInt32(at);
  const low = view.getInt32(at + 4);
  return high === 0 && low === 0 ? '0' : hexWord(high) + hexWord(low);
}

function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
