import { appendFileSync, closeSync, openSync } from 'node:fs';
import { type Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { messageOf, Trouble } from '../../base/trouble.ts';
import { ask, explain } from './engine.ts';

/**
 * Everything a container prints from its next start to its end, appended to a file as it comes. Attached before the
 * start and again before the next one: nothing is missed, and nothing is read twice, as following the engine's own log
 * file with a start time would.
 */
export class Output {
  /**
   * Resolves when the engine has passed on the last line. Rejects with `Trouble` as soon as the log breaks off before
   * that, or cannot be stored: then it is no evidence any more.
   */
  readonly whole: Promise<void>;
  readonly #stream: Readable;
  readonly #fd: number;

  static async of(container: Docker.Container, path: string, name: string): Promise<Output> {
    const stream = await ask(
      `attaching to ${name}`,
      container.attach({ stream: true, stdout: true, stderr: true }),
    );
    return new Output(container, stream as unknown as Readable, path, name);
  }

  private constructor(container: Docker.Container, stream: Readable, path: string, name: string) {
    this.#stream = stream;
    this.#fd = openSync(path, 'a');
    const file = () =>
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          this.#store(chunk, path);
          done();
        },
      });
    container.modem.demuxStream(stream, file(), file());
    this.whole = finished(stream, { writable: false }).catch((error) => {
      throw explain(error, `following the log of ${name}`);
    });
    // Whoever follows the container is told; until then a failure must not count as unhandled.
    this.whole.catch(() => undefined);
  }

  #store(chunk: Buffer, path: string): void {
    try {
      appendFileSync(this.#fd, chunk);
    } catch (cause) {
      const remedy = 'make room there, or name another place with --out, and run again';
      this.#stream.destroy(new Trouble(path, `cannot be written (${messageOf(cause)})`, remedy, { cause }));
    }
  }

  /** Takes no more lines. */
  close(): void {
    this.#stream.destroy();
    closeSync(this.#fd);
  }
}
