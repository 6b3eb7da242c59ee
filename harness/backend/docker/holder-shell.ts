import type Docker from 'dockerode';
import type { RunningProgram } from '../backend.ts';
import { ask } from './engine.ts';
import { type Executed, execIn, runIn } from './exec.ts';

/** Reads orders, a number and a script in base64 each, and answers with the number, the exit code and all it printed. */
const loop = [
  'while read -r id script; do',
  '  out=$(bash -c "$(base64 -d <<< "$script")" 2>&1 < /dev/null); code=$?',
  '  printf "%s %s %s\\n" "$id" "$code" "$(base64 -w0 <<< "$out")"',
  'done',
].join('\n');

/** The longest script is a probe, which gives up within half a second. */
const answerMs = 15_000;

/**
 * A bash that stays in a holder and runs one script after the other. Starting a process through an engine takes 0.1 s and
 * 50 ms of processor each time; so cuts of several servers come into force at almost the same moment.
 */
export class HolderShell {
  readonly #holder: Docker.Container;
  readonly #waiting = new Map<string, (executed: Executed | undefined) => void>();
  #program: Promise<RunningProgram> | undefined;
  #ended = false;
  #count = 0;

  constructor(holder: Docker.Container) {
    this.#holder = holder;
  }

  /** Scripts must bear to be run twice: when the shell ends, the engine is asked to run the script, or says why not. */
  async run(script: string, doing: string): Promise<Executed> {
    this.#program ??= this.#start(doing);
    const program = await this.#program;
    const executed = this.#ended ? undefined : await ask(doing, this.#order(program, script), answerMs);
    return executed ?? execIn(this.#holder, ['bash', '-c', script], doing);
  }

  async #start(doing: string): Promise<RunningProgram> {
    const program = await runIn(this.#holder, ['bash', '-c', loop], doing, (line) => this.#answered(line));
    program.ended.then(() => {
      this.#ended = true;
      for (const tell of this.#waiting.values()) tell(undefined);
    });
    return program;
  }

  #order(program: RunningProgram, script: string): Promise<Executed | undefined> {
    const id = String(++this.#count);
    const answer = new Promise<Executed | undefined>((resolve) => this.#waiting.set(id, resolve));
    program.say(`${id} ${Buffer.from(script).toString('base64')}`);
    return answer.finally(() => this.#waiting.delete(id));
  }

  #answered(line: string): void {
    const [id = '', code, out = ''] = line.split(' ');
    const text = Buffer.from(out, 'base64').toString('utf8');
    this.#waiting.get(id)?.({ code: Number(code), stdout: text, stderr: text });
  }
}
