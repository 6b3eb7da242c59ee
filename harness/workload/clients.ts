import type { Worker } from 'node:worker_threads';
import { startWorker } from '../base/start-worker.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import type { Phase } from '../history/op.ts';
import type { Act } from '../plan/act.ts';
import { workloadNamed } from './catalogue.ts';
import type { Answer, Order, Tally, WorkerStart } from './messages.ts';

/** Each order's own deadlines are shorter; this one only says that the worker hangs. */
const orderMs = 120_000;

type NewOrder<O> = O extends unknown ? Omit<O, 'id'> : never;

/** All clients of a scenario, in a worker of their own: neither a rule nor a report nor a fault delays them. */
export class Clients {
  /** Whether they do anything by themselves. */
  readonly work: boolean;
  readonly #worker: Worker;
  readonly #onTally: (tally: Tally) => void;
  readonly #waiting = new Map<number, { resolve: (note?: string) => void; reject: (error: Error) => void }>();
  #tally: Tally = { ok: 0, fail: 0, unknown: 0, ackedWrites: 0, lastAckNs: 0, connected: 0, sessions: 0 };
  #orders = 0;
  #dead: Error | undefined;

  constructor(start: WorkerStart, onTally: (tally: Tally) => void) {
    const { use, client: _client, ...params } = start.workload;
    const workload = workloadNamed(use);
    this.work = workload.clients(workload.params.parse(params)).count > 0;
    this.#onTally = onTally;
    this.#worker = startWorker(import.meta.url, 'worker', start);
    this.#worker.on('message', (answer: Answer) => this.#hear(answer));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`the clients' worker ended with code ${code}`)));
  }

  /** Creates the nodes the workload works on. */
  async setUp(): Promise<void> {
    await this.#order({ order: 'set-up' });
  }

  async begin(): Promise<void> {
    await this.#order({ order: 'begin' });
  }

  /**
   * Has one client do what a step says; resolves when it is answered, or at once when nobody is to wait. Throws
   * WaitedInVain when the server takes no session.
   */
  async act(act: Act): Promise<void> {
    const refused = await this.#order({ order: 'act', act });
    if (refused !== undefined) throw new WaitedInVain(refused);
  }

  /** Lets running operations end and closes every session; resolves with what stayed open, if anything. */
  quiesce(): Promise<string | undefined> {
    return this.#order({ order: 'quiesce' });
  }

  /** Reads everything on every server, recorded under `phase`. */
  async readAll(phase: Phase): Promise<void> {
    await this.#order({ order: 'read-all', phase });
  }

  /** Writes out the history and ends the worker. */
  async finish(): Promise<void> {
    if (this.#dead) return;
    await this.#order({ order: 'finish' });
    await this.#worker.terminate();
  }

  /** Ends the worker at once, whatever it is doing. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Whether a write is acknowledged from now on, within the deadline. */
  async progress(deadlineMs: number): Promise<boolean> {
    try {
      await this.acked(1, deadlineMs);
      return true;
    } catch (error) {
      if (error instanceof WaitedInVain) return false;
      throw error;
    }
  }

  /** Writes acknowledged so far. */
  get ackedWrites(): number {
    return this.#tally.ackedWrites;
  }

  async acked(count: number, deadlineMs: number): Promise<void> {
    const from = this.#tally.ackedWrites;
    await waitFor({ what: `${count} more acknowledged writes`, deadlineMs }, () => {
      if (this.#dead) throw this.#dead;
      return this.#tally.ackedWrites - from >= count || undefined;
    });
  }

  #order(order: NewOrder<Order>): Promise<string | undefined> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`the clients' worker did not answer "${order.order}" within ${orderMs} ms`));
      }, orderMs);
      const settle =
        <A>(done: (argument: A) => void) =>
        (argument: A) => {
          clearTimeout(timer);
          done(argument);
        };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#worker.postMessage({ id, ...order });
    });
  }

  #hear(answer: Answer): void {
    if (answer.answer === 'tally') {
      this.#tally = answer.tally;
      this.#onTally(answer.tally);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.answer === 'done') waiting?.resolve(answer.note);
    else waiting?.reject(new Error(answer.reason));
  }

  #die(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
