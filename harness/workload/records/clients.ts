import type { ChildProcess } from 'node:child_process';
import { startChild } from '../../base/start-child.ts';
import { WaitedInVain, waitFor } from '../../base/wait.ts';
import type { FromRecords, RecordsOrderName, RecordsStart, RecordsTally, ToRecords } from './messages.ts';

/** The waits behind each order are shorter; this one only says that the process hangs. */
const orderMs = 150_000;
const lastWordsChars = 4096;

/** All clients of the brokers, in a process of their own. */
export class RecordsClients {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  #tally: RecordsTally | undefined;
  #orders = 0;
  #ended: Error | undefined;
  #lastWords = '';

  constructor(start: RecordsStart, onTally: (tally: RecordsTally) => void) {
    this.#child = startChild(import.meta.url, 'process');
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString('utf8')).slice(-lastWordsChars);
    });
    this.#child.on('message', (message: FromRecords) => {
      if (message.from === 'tally') {
        this.#tally = message.tally;
        onTally(message.tally);
        return;
      }
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.from === 'done') waiting?.resolve();
      else waiting?.reject(new WaitedInVain(message.reason));
    });
    this.#child.on('error', (error) => this.#end(error));
    this.#child.on('close', (code, signal) => {
      const words = this.#lastWords.trim().split('\n').at(-1) ?? '';
      this.#end(new Error(`the brokers' clients ended by ${signal ?? `exit code ${code}`}: ${words}`));
    });
    this.#tell({ to: 'start', start });
  }

  /** Carries out an order; throws WaitedInVain when the brokers do not let it. */
  async order(order: RecordsOrderName): Promise<void> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#orders;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(
          () => reject(new Error(`the brokers' clients did not answer "${order}" within ${orderMs} ms`)),
          orderMs,
        );
        this.#waiting.set(id, { resolve, reject });
        this.#tell({ to: 'order', id, order });
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Whether a record of every partition is acknowledged from now on, within the deadline. */
  async progress(deadlineMs: number): Promise<boolean> {
    const before = this.#tally?.ackedByPartition;
    try {
      await waitFor({ what: 'a record of every partition to be acknowledged', deadlineMs }, () => {
        if (this.#ended) throw new TypeError(this.#ended.message, { cause: this.#ended });
        const now = this.#tally?.ackedByPartition ?? [];
        return now.length > 0 && now.every((acked, i) => acked > (before?.[i] ?? 0)) ? true : undefined;
      });
      return true;
    } catch (error) {
      if (error instanceof WaitedInVain) return false;
      throw error;
    }
  }

  /** Ends the process; its history is on disk already. */
  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToRecords): void {
    // A message to a process that has just died is told by its death.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
