import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { lineOf, type Measured, type Round } from './rounds.ts';

/** A process under measurement; it stays alive between rounds, so that its code stays warm. */
export class Contender {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(name: string, command: string, args: readonly string[]) {
    this.name = name;
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout! });
  }

  /** Runs a round; its answer must come within its own time and ten seconds. */
  async run(round: Round): Promise<Measured> {
    const answer = this.line(round.ms + 10_000);
    this.#child.stdin!.write(`${lineOf(round)}\n`);
    return JSON.parse(await answer) as Measured;
  }

  /** The next line it prints. */
  async line(deadlineMs: number): Promise<string> {
    const late = AbortSignal.timeout(deadlineMs);
    const ended = once(this.#child, 'exit', { signal: late }).then(() => {
      throw new Error(`${this.name} ended`);
    });
    const line = once(this.#lines, 'line', { signal: late });
    const [text] = (await Promise.race([line, ended])) as [string];
    return text;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin!.end();
    const exited = once(this.#child, 'exit', { signal: AbortSignal.timeout(5000) });
    await exited.catch(() => this.#child.kill('SIGKILL'));
  }
}
