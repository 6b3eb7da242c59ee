import { Malformed } from './jute.ts';

/** A length that is no frame's: negative, or more than the limit. */
export class Oversized extends Malformed {
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(bytes: number, maxBytes: number) {
    super(`a frame of ${bytes} bytes, the limit is ${maxBytes}`);
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }
}

/**
 * Cuts a byte stream into frames (int32 length, body). A frame that lies whole in a chunk is handed out in place; only
 * one that spans chunks is copied. Memory is bounded by the bytes received, never by a length that was announced.
 *
 *     frames.push(chunk);
 *     while (frames.next()) use(frames.bytes, frames.start, frames.end);
 */
export class Frames {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  readonly #maxBytes: number;
  #chunk: Buffer = this.bytes;
  #at = 0;
  /** The first `#filled` bytes of a frame that was not complete when its chunk ended. */
  #partial: Buffer = this.bytes;
  #filled = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The next chunk; call `next` until it says false before pushing another. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Whether there is a complete frame; throws `Oversized` for an impossible length. */
  next(): boolean {
    return (this.#filled === 0 && this.#inPlace()) || this.#spanning();
  }

  #inPlace(): boolean {
    const left = this.#chunk.length - this.#at;
    if (left < 4) return false;
    const length = this.#checked(this.#chunk.readInt32BE(this.#at));
    if (left - 4 < length) return false;
    this.bytes = this.#chunk;
    this.start = this.#at + 4;
    this.end = this.#at = this.start + length;
    return true;
  }

  #spanning(): boolean {
    if (!this.#collect(4)) return false;
    const length = this.#checked(this.#partial.readInt32BE(0));
    if (!this.#collect(4 + length)) return false;
    this.bytes = this.#partial;
    this.start = 4;
    this.end = 4 + length;
    this.#partial = Buffer.alloc(0);
    this.#filled = 0;
    return true;
  }

  /** Moves bytes from the chunk until `#partial` holds `wanted`; false when the chunk ran out first. */
  #collect(wanted: number): boolean {
    const take = Math.min(wanted - this.#filled, this.#chunk.length - this.#at);
    if (take > 0) {
      const filled = this.#filled + take;
      if (filled > this.#partial.length) {
        const grown = Buffer.allocUnsafe(Math.min(Math.max(wanted, 256), 2 * filled + 256));
        this.#partial.copy(grown, 0, 0, this.#filled);
        this.#partial = grown;
      }
      this.#chunk.copy(this.#partial, this.#filled, this.#at, this.#at + take);
      this.#at += take;
      this.#filled = filled;
    }
    return this.#filled >= wanted;
  }

  #checked(length: number): number {
    if (length < 0 || length > this.#maxBytes) throw new Oversized(length, this.#maxBytes);
    return length;
  }
}
