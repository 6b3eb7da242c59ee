import { spawn } from 'node:child_process';

export interface Finished {
  code: number | null;
  signal: string | null;
  /** Standard output and standard error, in the order they came. */
  output: string;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  deadlineMs: number;
}

/** The program is not there; whoever calls knows how to get it. */
export class NoSuchProgram extends Error {
  override readonly name = 'NoSuchProgram';
}

/** The program was killed because it did not end in time. */
export class RanTooLong extends Error {
  override readonly name = 'RanTooLong';
}

/** Runs a program to its end, whatever its exit code. Throws `NoSuchProgram` or, having killed it, `RanTooLong`. */
export function runCommand(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const { deadlineMs, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, deadlineMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const missing = error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOTDIR';
      reject(missing ? new NoSuchProgram(`no program ${command}`, { cause: error }) : error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (late) reject(new RanTooLong(`${command} did not end within ${deadlineMs} ms`));
      else resolve({ code, signal, output });
    });
  });
}
