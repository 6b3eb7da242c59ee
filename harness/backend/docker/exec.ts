import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { ask } from './engine.ts';

export interface Executed {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command in a running container, to its end. */
export async function execIn(
  container: Docker.Container,
  command: readonly string[],
  doing: string,
  deadlineMs = 15_000,
): Promise<Executed> {
  return ask(doing, run(container, command), deadlineMs);
}

async function run(container: Docker.Container, command: readonly string[]): Promise<Executed> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const out = { stdout: '', stderr: '' };
  const into = (key: keyof typeof out) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        out[key] += chunk.toString('utf8');
        done();
      },
    });
  container.modem.demuxStream(stream, into('stdout'), into('stderr'));
  await finished(stream, { writable: false });
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? -1, ...out };
}
