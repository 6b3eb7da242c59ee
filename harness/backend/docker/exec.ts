import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { RunningProgram } from '../backend.ts';
import { programOver } from '../running-program.ts';
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

/** Starts a command in a running container and stays in touch with it. */
export async function runIn(
  container: Docker.Container,
  command: readonly string[],
  doing: string,
  onLine: (line: string) => void,
): Promise<RunningProgram> {
  const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const exec = await ask(doing, container.exec({ Cmd: [...command], ...streams }));
  const stdin = await ask(doing, exec.start({ hijack: true, stdin: true }));
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  container.modem.demuxStream(stdin, stdout, stderr);
  stdin.once('close', () => {
    stdout.end();
    stderr.end();
  });
  return programOver({ stdin, stdout, stderr }, onLine);
}
