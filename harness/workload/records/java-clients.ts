import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What Kafka's own clients are told (JavaClients.java); settings are those of Kafka. */
type Order =
  | { do: 'open'; client: string; settings: Record<string, string> }
  | { do: 'init' | 'begin' | 'commit' | 'abort'; client: string }
  | { do: 'send'; client: string; topic: string; partition: number; value: string }
  | { do: 'close'; client: string; withinMs: number }
  | {
      do: 'read';
      client: string;
      settings: Record<string, string>;
      topic: string;
      partitions: number;
      stableMs: number;
      readMs: number;
    };

type Answer = { id: number } & ({ ok: unknown } | { error: { name: string; words: string } });

/** A client says no; `name` is the simple name of its exception. */
export class JavaRefusal extends Error {
  override readonly name: string;

  constructor({ name, words }: { name: string; words: string }) {
    super(words);
    this.name = name;
  }
}

const lastWordsChars = 2048;

/** Kafka's own clients in one Java process, an order and its answer a line of JSON each. */
export class JavaClients {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #orders = 0;
  #lastWords = '';

  constructor([file, ...args]: readonly string[]) {
    this.#child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-lastWordsChars);
    });
    // Its end is told below; what could not be written any more tells nothing.
    this.#child.stdin!.on('error', () => undefined);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    // It ends with the process that started it and never sooner: thrown here, that is the end of all clients.
    this.#child.on('error', (error) => {
      throw error;
    });
    this.#child.on('close', (code, signal) => {
      const words = this.#lastWords.trim().split('\n').at(-1) ?? '';
      throw new Error(`the Java clients ended by ${signal ?? `exit code ${code}`}: ${words}`);
    });
  }

  /** The answer to an order; throws JavaRefusal. Every order has a deadline of its own in the client's settings. */
  ask<T = true>(order: Order): Promise<T> {
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) =>
        'ok' in answer ? resolve(answer.ok as T) : reject(new JavaRefusal(answer.error)),
      );
      this.#child.stdin!.write(`${JSON.stringify({ id, ...order })}\n`);
    });
  }
}
