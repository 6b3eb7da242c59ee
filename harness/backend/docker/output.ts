import { closeSync, openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { sleep } from '../../base/clock.ts';
import { ask } from './engine.ts';

/** The engine closes the stream when it has passed on the last line of an ended container. */
const lastLinesMs = 5_000;

/**
 * Everything a container prints from its next start to its end, appended to a file as it comes. Attached before the
 * start and again before the next one: nothing is missed, and nothing is read twice, as following the engine's own log
 * file with a start time would.
 */
export class Output {
  readonly #fd: number;
  readonly #done: Promise<void>;

  static async of(container: Docker.Container, path: string, name: string): Promise<Output> {
    const stream = await ask(
      `attaching to ${name}`,
      container.attach({ stream: true, stdout: true, stderr: true }),
    );
    return new Output(container, stream, openSync(path, 'a'));
  }

  private constructor(container: Docker.Container, stream: NodeJS.ReadWriteStream, fd: number) {
    this.#fd = fd;
    const file = () =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          writeSync(fd, chunk);
          done();
        },
      });
    container.modem.demuxStream(stream, file(), file());
    this.#done = finished(stream, { writable: false });
    // A stream that breaks means that the engine went away, which whoever asks it next is told.
    this.#done.catch(() => undefined);
  }

  /** Resolves when the last line is in the file. */
  async close(): Promise<void> {
    const stop = new AbortController();
    await Promise.race([
      this.#done.catch(() => undefined),
      sleep(lastLinesMs, stop.signal).catch(() => undefined),
    ]);
    stop.abort();
    closeSync(this.#fd);
  }
}
