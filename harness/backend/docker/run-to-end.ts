import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { ask } from './engine.ts';

/** Starts a container and resolves, when it has ended, with all it printed. */
export async function runToEnd(
  container: Docker.Container,
  doing: string,
  deadlineMs: number,
): Promise<{ code: number; output: string }> {
  const stream = await ask(doing, container.attach({ stream: true, stdout: true, stderr: true }));
  let output = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      output += chunk.toString('utf8');
      done();
    },
  });
  container.modem.demuxStream(stream, sink, sink);
  const ended = finished(stream, { writable: false });
  // Awaited below; it may fail while the container is still being started.
  ended.catch(() => undefined);
  await ask(doing, container.start());
  const { StatusCode } = await ask(doing, container.wait(), deadlineMs);
  await ask(doing, ended);
  return { code: StatusCode as number, output };
}
