import { closeSync, type FSWatcher, fstatSync, openSync, readSync, watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Looked at this often even when the file system reports no change (network and shared folders do not). */
const lookEveryMs = 25;

export type LineListener = (line: string) => void;

/**
 * Follows a growing text file from its present end, line by line, as fast as the file system tells. It reads
 * synchronously: what was just written is in memory, and waking another thread to fetch it takes longer than that.
 */
export class LogTail {
  readonly #listeners = new Set<LineListener>();
  readonly #decoder = new StringDecoder('utf8');
  readonly #buffer = Buffer.alloc(64 * 1024);
  readonly #file: number;
  readonly #watcher: FSWatcher;
  readonly #timer: NodeJS.Timeout;
  #offset: number;
  #partial = '';
  #failure: unknown;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
    this.#offset = fstatSync(this.#file).size;
    this.#watcher = watch(path, () => this.#look());
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  /** Calls `listener` for every line from now on; returns what stops it. What fails is thrown by `close`. */
  onLine(listener: LineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#watcher.close();
    clearInterval(this.#timer);
    closeSync(this.#file);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #look(): void {
    if (this.#failure !== undefined) return;
    try {
      this.#readToEnd();
    } catch (error) {
      this.#failure = error;
    }
  }

  #readToEnd(): void {
    for (;;) {
      const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, this.#offset);
      if (length === 0) return;
      this.#offset += length;
      const lines = (this.#partial + this.#decoder.write(this.#buffer.subarray(0, length))).split('\n');
      this.#partial = lines.pop() ?? '';
      for (const line of lines) for (const listener of this.#listeners) listener(line);
    }
  }
}
