import { sleep } from '../base/clock.ts';
import type { RecordedSession } from '../client/recorded-session.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { closeOn } from './close-on.ts';
import { OwnTree } from './own-tree.ts';
import type { Turn } from './workload.ts';

interface Pace {
  turnsPerSecond: number;
  sessionTimeoutMs: number;
  deadlineMs: number;
}

export interface ClientSetup {
  index: number;
  endpoints: readonly Endpoint[];
  pace: Pace;
  root: string;
  turn: Turn;
  newSession(pace: Pace): RecordedSession;
}

/** Before the next server is tried, so that a dead ensemble is not hammered. */
const reconnectMs = 40;

/**
 * One logical client: does one turn after the other, at its pace, on one session; when the connection is lost it takes
 * the session to the next server, and only when the servers say that the session is gone it begins a new one.
 */
export class Client {
  readonly #setup: ClientSetup;
  readonly #stopping = new AbortController();
  #session: RecordedSession | undefined;
  #at: number;
  #life: Promise<void> = Promise.resolve();

  constructor(setup: ClientSetup) {
    this.#setup = setup;
    this.#at = setup.index % setup.endpoints.length;
  }

  get connected(): boolean {
    return this.#session?.state.kind === 'connected';
  }

  begin(): void {
    this.#life = this.#live();
  }

  /** Ends the present turn and closes the session; the client's name when that did not work. */
  async end(): Promise<string | undefined> {
    this.#stopping.abort();
    await this.#life;
    return this.#session && closeOn(this.#session, this.#setup.endpoints);
  }

  async cut(): Promise<void> {
    this.#stopping.abort();
    this.#session?.destroySocket();
    await this.#life;
  }

  async #live(): Promise<void> {
    const { turn, pace, root, newSession } = this.#setup;
    const turnMs = 1000 / pace.turnsPerSecond;
    while (!this.#stopping.signal.aborted) {
      this.#session ??= newSession(pace);
      const { kind } = this.#session.state;
      if (kind === 'expired') {
        this.#session = undefined;
      } else if (kind !== 'connected') {
        await this.#connect(this.#session);
      } else {
        const begun = performance.now();
        await turn(new OwnTree(this.#session, root));
        await this.#pause(turnMs - (performance.now() - begun));
      }
    }
  }

  /** One try, at the next server in line. */
  async #connect(session: RecordedSession): Promise<void> {
    const { endpoints } = this.#setup;
    const endpoint = endpoints[this.#at++ % endpoints.length]!;
    const { outcome } = await (session.state.kind === 'new'
      ? session.open(endpoint)
      : session.moveTo(endpoint));
    if (outcome !== 'ok') await sleep(reconnectMs);
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms);
  }
}
