import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** Looked at this often even when the file system reports no change (network and shared folders do not). */
const lookEveryMs = 25;

export type LineListener = (line: string) => void;

/** Follows a growing text file from its present end, line by line, as fast as the file system tells. */
export class LogTail {
  readonly #listeners = new Set<LineListener>();
  readonly #decoder = new StringDecoder('utf8');
  readonly #buffer = Buffer.alloc(64 * 1024);
  readonly #file: FileHandle;
  readonly #watcher: FSWatcher;
  readonly #timer: NodeJS.Timeout;
  #offset: number;
  #partial = '';
  #reading: Promise<void> | undefined;
  #again = false;
  #failure: unknown;

  static async follow(path: string): Promise<LogTail> {
    const file = await open(path, 'r');
    return new LogTail(path, file, (await file.stat()).size);
  }

  private constructor(path: string, file: FileHandle, offset: number) {
    this.#file = file;
    this.#offset = offset;
    this.#watcher = watch(path, () => this.#look());
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  /** Calls `listener` for every line from now on; returns what stops it. A failed read is thrown by `close`. */
  onLine(listener: LineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#watcher.close();
    clearInterval(this.#timer);
    await this.#reading;
    await this.#file.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #look(): void {
    this.#again = true;
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined;
    });
  }

  async #readOn(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#readToEnd();
      } catch (error) {
        this.#failure ??= error;
        return;
      }
    }
  }

  async #readToEnd(): Promise<void> {
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, this.#buffer.length, this.#offset);
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      const lines = (this.#partial + this.#decoder.write(this.#buffer.subarray(0, bytesRead))).split('\n');
      this.#partial = lines.pop() ?? '';
      for (const line of lines) for (const listener of this.#listeners) listener(line);
    }
  }
}
