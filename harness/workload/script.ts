import { never } from '../base/never.ts';
import { waitFor } from '../base/wait.ts';
import { openAcl } from '../client/acl.ts';
import type { RecordedSession } from '../client/recorded-session.ts';
import { type CreateMode, createModes, type MultiPart } from '../client/requests.ts';
import { type Act, type Doing, nodeOf } from '../plan/act.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { closeOn } from './close-on.ts';
import { OwnTree, pathIn } from './own-tree.ts';

/** A server that was just started, or left by its leader, may take this long to take a session. */
const sessionMs = 45_000;
/** Requests on the way at the same time: below the request throttle of servers (1000). */
const width = 500;

type Terms = Pick<Act, 'sessionTimeoutMs' | 'deadlineMs' | 'readOnly'>;
type NewSession = (name: string, terms: Terms) => RecordedSession;

/** The clients that steps name. Each has one session, which goes where the step says, and ends with the scenario. */
export class Script {
  readonly #endpoints: readonly Endpoint[];
  readonly #root: string;
  readonly #newSession: NewSession;
  readonly #sessions = new Map<string, RecordedSession>();
  readonly #running = new Set<Promise<void>>();
  /** The longest of all its sessions. */
  sessionTimeoutMs = 0;

  constructor(endpoints: readonly Endpoint[], root: string, newSession: NewSession) {
    this.#endpoints = endpoints;
    this.#root = root;
    this.#newSession = newSession;
  }

  /** Throws WaitedInVain when there is no session on that server in time. */
  async act(act: Act): Promise<void> {
    const session = await this.#sessionOn(act);
    const done = this.#perform(session, act);
    this.#running.add(done);
    void done.finally(() => this.#running.delete(done));
    if (act.wait) await done;
  }

  /** Ends what still runs and closes every session; the names of those that stay open. */
  end(): Promise<string | undefined>[] {
    return [...this.#sessions.values()].map(async (session) => {
      await Promise.all(this.#running);
      return closeOn(session, this.#endpoints);
    });
  }

  async cut(): Promise<void> {
    for (const session of this.#sessions.values()) session.destroySocket();
    await Promise.all(this.#running);
  }

  async #sessionOn({ name, on, sessionTimeoutMs, deadlineMs, readOnly }: Act): Promise<RecordedSession> {
    const endpoint = this.#endpoints.find(({ sid }) => sid === on);
    if (!endpoint) throw new Error(`clients do not know server ${on}`);
    this.sessionTimeoutMs = Math.max(this.sessionTimeoutMs, sessionTimeoutMs);
    return waitFor({ what: `a session of "${name}" on server ${on}`, deadlineMs: sessionMs }, async () => {
      const known = this.#sessions.get(name);
      const over = known?.state.kind === 'expired' || known?.state.kind === 'closed';
      const session =
        known && !over ? known : this.#newSession(name, { sessionTimeoutMs, deadlineMs, readOnly });
      this.#sessions.set(name, session);
      const { state } = session;
      if (state.kind === 'connected' && state.endpoint.sid === on) return session;
      const { outcome } = await (state.kind === 'new' ? session.open(endpoint) : session.moveTo(endpoint));
      return outcome === 'ok' ? session : undefined;
    });
  }

  async #perform(session: RecordedSession, act: Act): Promise<void> {
    const tree = new OwnTree(session, this.#root);
    for (const doing of act.do) {
      if ('close' in doing) await session.close();
      else if ('check' in doing)
        await inParts(namesOf(doing, tree), (name) => session.check(pathIn(this.#root, name)));
      else if ('create' in doing && doing.together)
        await tree.multi(namesOf(doing, tree).map((name) => partOf(name, doing)));
      else if ('setData' in doing && doing.setData === '') await session.setData('', doing.data);
      else await inParts(namesOf(doing, tree), (name) => one(tree, name, doing));
    }
  }
}

type Named = Exclude<Doing, { close: true }>;
type Creating = Extract<Doing, { create: string }>;

async function one(tree: OwnTree, name: string, doing: Exclude<Named, { check: string }>): Promise<void> {
  if ('create' in doing) await tree.create(name, doing.data, { mode: modeOf(doing) });
  else if ('setData' in doing) await tree.setData(name, doing.data);
  else if ('delete' in doing) await tree.delete(name);
  else if ('getData' in doing) await tree.getData(name);
  else if ('sync' in doing) await tree.sync(name);
  else never(doing);
}

const partOf = (path: string, doing: Creating): MultiPart => ({
  ...{ kind: 'create', path, data: doing.data, acls: openAcl, mode: modeOf(doing), ttlMs: 0, stat: false },
});

function modeOf({ ephemeral, sequential }: Creating): CreateMode {
  if (sequential) return ephemeral ? createModes.ephemeralSequential : createModes.persistentSequential;
  return ephemeral ? createModes.ephemeral : createModes.persistent;
}

function namesOf(doing: Named, tree: OwnTree): string[] {
  const base = nodeOf(doing);
  const { count, pathBytes = 0 } = doing;
  if (count === undefined) return [base];
  return Array.from(
    { length: count },
    (_, i) => base + String(i).padStart(pathBytes - tree.lengthOf(base), '0'),
  );
}

/** All at once, but never more than a server takes. */
async function inParts(names: readonly string[], act: (name: string) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < names.length; i += width) await Promise.all(names.slice(i, i + width).map(act));
}
