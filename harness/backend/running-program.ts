import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { waitFor } from '../base/wait.ts';
import type { RunningProgram } from './backend.ts';

/** A program whose standard input is closed reads its end and leaves; an engine takes a moment to tell us. */
const closeMs = 10_000;
/** Of what it says on stderr only the end is of use. */
const wordsKept = 2000;

export interface Streams {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
}

/** A program spoken to by lines, over its three streams. */
export function programOver(
  { stdin, stdout, stderr }: Streams,
  onLine: (line: string) => void,
): RunningProgram {
  let words = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-wordsKept);
  });
  // It may end at any time, and says so by closing its output; a write that fails then tells nothing more.
  stdin.on('error', () => undefined);
  const lines = createInterface({ input: stdout }).on('line', onLine);
  let over = false;
  const ended = Promise.all([once(lines, 'close'), once(stderr, 'close')]).then(() => {
    over = true;
    return words.trim().split('\n').at(-1) ?? '';
  });
  return {
    say: (line) => void stdin.write(`${line}\n`),
    ended,
    async close() {
      stdin.end();
      await waitFor(
        { what: 'a program to end with its input', deadlineMs: closeMs },
        () => over || undefined,
      );
    },
  };
}

/** Starts a program on this machine. */
export function runHere(command: readonly string[], onLine: (line: string) => void): RunningProgram {
  const [file, ...args] = command;
  return programOver(spawn(file!, args, { stdio: 'pipe' }), onLine);
}
