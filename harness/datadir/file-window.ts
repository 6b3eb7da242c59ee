import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Read at a time; a record longer than this is read whole. */
const chunkBytes = 256 * 1024;

/** A file read from front to back, of which only a piece is in memory. Disposing closes it. */
export class FileWindow implements Disposable {
  readonly sizeBytes: number;
  readonly #fd: number;
  #piece = Buffer.alloc(0);
  /** Offset in the file of the first byte of the piece. */
  #from = 0;
  /** Offset in the file of the next byte. */
  at = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    this.sizeBytes = fstatSync(this.#fd).size;
  }

  get leftBytes(): number {
    return this.sizeBytes - this.at;
  }

  /** The next bytes, which stay valid until the next call; fewer where the file ends. Does not move. */
  peek(bytes: number): Buffer {
    const wanted = Math.min(bytes, this.leftBytes);
    if (this.at < this.#from || this.at + wanted > this.#from + this.#piece.length) this.#fill(wanted);
    const start = this.at - this.#from;
    return this.#piece.subarray(start, start + wanted);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #fill(wanted: number): void {
    const piece = Buffer.allocUnsafe(Math.min(Math.max(wanted, chunkBytes), this.leftBytes));
    let filled = 0;
    while (filled < piece.length) {
      const read = readSync(this.#fd, piece, filled, piece.length - filled, this.at + filled);
      if (read === 0)
        throw new Error(`the file became shorter than ${this.sizeBytes} bytes while it was read`);
      filled += read;
    }
    this.#piece = piece;
    this.#from = this.at;
  }
}
