import { sleep } from '../base/clock.ts';
import { waitFor } from '../base/wait.ts';
import type { ForeignSession } from '../client/foreign/foreign-session.ts';
import { OwnTree } from './own-tree.ts';
import type { Turn } from './workload.ts';

export interface ForeignClientSetup {
  pace: { turnsPerSecond: number };
  root: string;
  turn: Turn;
  newSession(): ForeignSession;
}

/** To load a library and connect it to servers that serve, several at a time on a busy machine. */
const firstConnectMs = 60_000;
/** How often a session that has not connected yet is looked at. */
const lookMs = 20;

/**
 * One logical client on a library under test. Once connected it does its turns whether the library is connected or not,
 * as an application would: choosing servers, waiting and queueing is what the library is there for.
 */
export class ForeignClient {
  readonly #setup: ForeignClientSetup;
  readonly #stopping = new AbortController();
  #session: ForeignSession | undefined;
  #life: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(setup: ForeignClientSetup) {
    this.#setup = setup;
  }

  get connected(): boolean {
    return this.#session?.connected ?? false;
  }

  /** Resolves when its first session is connected. */
  async begin(): Promise<void> {
    this.#life = this.#live().catch((error: unknown) => {
      this.#failure = error;
    });
    await waitFor({ what: 'a client under test to connect', deadlineMs: firstConnectMs }, () => {
      if (this.#failure !== undefined) throw this.#failure;
      return this.connected || undefined;
    });
  }

  /** Ends the present turn and the session; the client's name when its session may live on. */
  async end(): Promise<string | undefined> {
    this.#stopping.abort();
    await this.#life;
    if (this.#failure !== undefined) throw this.#failure;
    const session = this.#session;
    this.#session = undefined;
    return session?.end();
  }

  async cut(): Promise<void> {
    this.#stopping.abort();
    this.#session?.cut();
    await this.#life;
  }

  async #live(): Promise<void> {
    const { turn, pace, root, newSession } = this.#setup;
    const turnMs = 1000 / pace.turnsPerSecond;
    let everConnected = false;
    while (!this.#stopping.signal.aborted) {
      if (this.#session?.ended) {
        await this.#session.end();
        this.#session = undefined;
      } else if (!this.#session) {
        everConnected = false;
        this.#session = newSession();
        await this.#session.open();
      } else if (!everConnected) {
        everConnected = this.connected;
        if (!everConnected) await sleep(lookMs);
      } else {
        const begun = performance.now();
        await turn(new OwnTree(this.#session, root));
        const restMs = turnMs - (performance.now() - begun);
        if (restMs > 0) await sleep(restMs);
      }
    }
  }
}
