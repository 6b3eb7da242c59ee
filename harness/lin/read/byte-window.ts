import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf, Trouble } from '../../base/trouble.ts';

const chunkBytes = 1 << 20;

/** A file seen through a window that moves on: a history of gigabytes takes no more memory than its longest entry. */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(chunkBytes);
  /** Where the bytes that were read end. */
  end = 0;
  /** Nothing follows. */
  last = false;
  private readonly path: string;
  private readonly file: number;

  private constructor(path: string, file: number) {
    this.path = path;
    this.file = file;
  }

  static open(path: string): ByteWindow {
    try {
      return new ByteWindow(path, openSync(path, 'r'));
    } catch (cause) {
      throw new Trouble(path, messageOf(cause), 'give a history that can be read', { cause, exit: 2 });
    }
  }

  /** Drops what is before `from`, which becomes position 0, and reads on. */
  slide(from: number): void {
    const kept = this.end - from;
    if (kept > this.bytes.length / 2) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes.subarray(from, this.end));
      this.bytes = larger;
    } else {
      this.bytes.copyWithin(0, from, this.end);
    }
    this.end = kept;
    const read = this.read();
    this.end += read;
    this.last = read === 0;
  }

  /** Of the whole file; 0 for what has no size, as a pipe. */
  get fileBytes(): number {
    return fstatSync(this.file).size;
  }

  close(): void {
    closeSync(this.file);
  }

  private read(): number {
    try {
      return readSync(this.file, this.bytes, this.end, this.bytes.length - this.end, null);
    } catch (cause) {
      throw new Trouble(this.path, messageOf(cause), 'give a history that can be read', { cause, exit: 2 });
    }
  }
}
