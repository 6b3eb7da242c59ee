import { randomFrom } from '../base/random.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import { wire } from '../client/foreign/catalogue.ts';
import { ForeignSession } from '../client/foreign/foreign-session.ts';
import type { NoteSink } from '../client/foreign/note.ts';
import { RecordedSession, type Recorder } from '../client/recorded-session.ts';
import type { Phase } from '../history/op.ts';
import type { Act } from '../plan/act.ts';
import { workloadNamed } from './catalogue.ts';
import { Client } from './client.ts';
import { ForeignClient } from './foreign-client.ts';
import type { Tally, WorkerStart } from './messages.ts';
import { OwnTree } from './own-tree.ts';
import { readTree } from './read-tree.ts';
import { Script } from './script.ts';
import type { Expiries } from './tally-sink.ts';
import type { Workload } from './workload.ts';

/** A server that just said it serves takes a session within this, loaded machine or not. */
const sessionMs = 15_000;
const setUpDeadlineMs = 10_000;
/** No reading begins after that; an election takes a second or two. */
const readMs = 30_000;
/** A server lists all children of a node in one frame, and a long run makes hundreds of thousands. */
const maxFrameBytes = 64 * 2 ** 20;

/** All clients of a scenario and what they share: endpoints, recorder, numbers of sessions. */
export class Crowd {
  readonly #start: WorkerStart;
  readonly #recorder: Recorder;
  readonly #workload: Workload;
  readonly #params: unknown;
  readonly #clients: (Client | ForeignClient)[];
  readonly #notes: NoteSink;
  readonly #script: Script;
  #sessions = 0;

  constructor(start: WorkerStart, recorder: Recorder, notes: NoteSink) {
    const { use, client = wire, ...params } = start.workload;
    this.#start = start;
    this.#recorder = recorder;
    this.#notes = notes;
    this.#script = new Script(start.endpoints, start.root, (name, terms) => this.#newSession(name, terms));
    this.#workload = workloadNamed(use);
    this.#params = this.#workload.params.parse(params);
    const { count, ...pace } = this.#workload.clients(this.#params);
    const random = randomFrom(start.seed).fork('clients');
    this.#clients = Array.from({ length: count }, (_, index) => {
      const turn = this.#workload.client(index, random.fork(`client ${index}`), this.#params);
      const name = `c${index}`;
      if (client !== wire) {
        const newSession = () => this.#newForeignSession(client, name, pace);
        return new ForeignClient({ pace, root: start.root, turn, newSession });
      }
      return new Client({
        index,
        endpoints: start.endpoints,
        pace,
        root: start.root,
        turn,
        newSession: (timeouts) => this.#newSession(name, timeouts),
      });
    });
  }

  async setUp(): Promise<void> {
    this.#recorder.phase = 'setup';
    const session = await this.#openAt(this.#start.endpoints, 'setup');
    await this.#workload.setUp(this.#treeOf(session), this.#params);
    await session.close();
    this.#recorder.phase = 'workload';
  }

  async begin(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.begin()));
  }

  /** Says why the client has no session there, if it has none. */
  async act(act: Act): Promise<string | undefined> {
    try {
      await this.#script.act(act);
      return undefined;
    } catch (error) {
      if (error instanceof WaitedInVain) return error.message;
      throw error;
    }
  }

  /** Says which sessions could not be closed, if any. When this resolves, every session of the clients is over on all servers. */
  async quiesce({ expired, lastConnectNs }: Expiries): Promise<string | undefined> {
    const all = [...this.#clients.map((client) => client.end()), ...this.#script.end()];
    const open = (await Promise.all(all)).filter((name) => name !== undefined);
    if (open.length === 0 && expired === 0) return undefined;
    const pace = this.#workload.clients(this.#params);
    const sessionTimeoutMs = Math.max(pace.sessionTimeoutMs, this.#script.sessionTimeoutMs);
    const { clock } = this.#recorder;
    const nowNs = clock.nowNs();
    // One that was told to have expired may live on where another leads (docs/conformance.md). A leader that ends takes all
    // connections with it, so the present one counts timeouts since before the last connect.
    const sinceNs = open.length > 0 ? nowNs : lastConnectNs;
    // Expiry is rounded up to the next tick: twice the timeout is past that.
    const restMs = 2 * sessionTimeoutMs - (nowNs - sinceNs) / 1e6;
    if (restMs > 0) await clock.sleep(restMs);
    if (open.length === 0) return undefined;
    return `${open.length} sessions could not be closed: ${open.join(', ')}`;
  }

  /**
   * Reads the whole tree on each server: all of it, or the scenario has no final state to judge. A server that loses its leader
   * meanwhile, as on a machine with too much to do, drops the session; it is then read from the beginning by another.
   */
  async readAll(phase: Phase): Promise<void> {
    this.#recorder.phase = phase;
    await Promise.all(
      this.#start.endpoints.map((endpoint) =>
        waitFor({ what: `server ${endpoint.sid} to be read`, deadlineMs: readMs }, async () => {
          const session = await this.#openAt([endpoint], `reader of ${endpoint.sid}`);
          await readTree(this.#treeOf(session));
          await session.close();
          return true;
        }),
      ),
    );
  }

  /** Ends without a word to any server: whatever still runs becomes unknown. */
  async cut(): Promise<void> {
    await Promise.all([...this.#clients.map((client) => client.cut()), this.#script.cut()]);
  }

  count(): Pick<Tally, 'connected' | 'sessions'> {
    return { connected: this.#clients.filter((client) => client.connected).length, sessions: this.#sessions };
  }

  #newSession(
    name: string,
    {
      sessionTimeoutMs,
      deadlineMs,
      readOnly = false,
    }: { sessionTimeoutMs: number; deadlineMs: number; readOnly?: boolean },
  ) {
    this.#sessions++;
    const session = new RecordedSession({
      name,
      session: this.#sessions,
      recorder: this.#recorder,
      timeoutMs: sessionTimeoutMs,
      deadlineMs,
      readOnly,
      maxFrameBytes,
    });
    const { auth } = this.#start;
    // Kept by the session and presented whenever it connects.
    if (auth) void session.addAuth(auth.scheme, auth.credentials);
    return session;
  }

  #newForeignSession(
    client: string,
    name: string,
    { sessionTimeoutMs: timeoutMs, deadlineMs }: { sessionTimeoutMs: number; deadlineMs: number },
  ): ForeignSession {
    const { endpoints, auth } = this.#start;
    return new ForeignSession({
      ...{ client, name, endpoints, timeoutMs, deadlineMs },
      session: ++this.#sessions,
      recorder: this.#recorder,
      notes: this.#notes,
      ...(auth && { auth }),
    });
  }

  #treeOf(session: RecordedSession): OwnTree {
    return new OwnTree(session, this.#start.root);
  }

  /** A session of the harness itself, on the first of these servers that takes one. */
  async #openAt(endpoints: WorkerStart['endpoints'], name: string): Promise<RecordedSession> {
    let tries = 0;
    const sids = endpoints.map(({ sid }) => sid).join(', ');
    return waitFor({ what: `a session on server ${sids}`, deadlineMs: sessionMs }, async () => {
      const session = this.#newSession(name, { sessionTimeoutMs: sessionMs, deadlineMs: setUpDeadlineMs });
      const { outcome } = await session.open(endpoints[tries++ % endpoints.length]!);
      return outcome === 'ok' ? session : undefined;
    });
  }
}
