import { openAcl } from '../../../harness/client/acl.ts';
import { Session } from '../../../harness/client/session.ts';
import { both, type Edit, guide, swap } from '../guide.ts';
import type { Lab } from '../lab.ts';

/** What several servers (or one and its clients) do with a mistake that does not keep them from starting. */
export interface Scene {
  is: string;
  /** Checks that name the mistake. */
  shows: string[];
  servers: number;
  run(lab: Lab): Promise<unknown>;
  sees: unknown;
}

/** The guide's text with ticks of a test: a leader notices within half a second that it is alone. */
export const cfg = (...edits: Edit[]) => both(swap('tickTime=2000', 'tickTime=300'), ...edits)(guide);

export const ownLine = (sid: number, line: string): Edit =>
  swap(`server.${sid}=zoo${sid}:2888:3888`, `server.${sid}=${line}`);

export const serving = ['leader', 'follower'] as const;

/** Starts servers with the ids of their machines, each with its own text. */
export async function startAll(
  lab: Lab,
  sids: readonly number[],
  textOf: (sid: number) => string,
  release = '3.9.5',
): Promise<void> {
  await Promise.all(sids.map((sid) => lab.start(sid, { cfg: textOf(sid), myid: `${sid}\n`, release })));
}

async function withSession<T>(lab: Lab, sid: number, use: (session: Session) => Promise<T>): Promise<T> {
  const session = new Session({ timeoutMs: 6000 });
  const { outcome } = await session.open(lab.endpointOf(sid));
  if (outcome !== 'ok') throw new Error(`no session with zk${sid}: ${outcome}`);
  const answer = await use(session);
  await session.close();
  return answer;
}

/** Creates a node and throws unless that is acknowledged. */
export async function create(lab: Lab, sid: number, path: string, bytes = 1): Promise<void> {
  const data = Buffer.alloc(bytes);
  const { outcome } = await withSession(lab, sid, (session) =>
    session.request({ kind: 'create', path, data, acls: openAcl, mode: 0, ttlMs: 0, stat: false }),
  );
  if (outcome !== 'ok') throw new Error(`create ${path} on zk${sid}: ${outcome}`);
}

export async function exists(lab: Lab, sid: number, path: string): Promise<boolean> {
  const { outcome, error } = await withSession(lab, sid, (session) =>
    session.request({ kind: 'exists', path, watch: false }),
  );
  if (outcome !== 'ok' && error !== -101) throw new Error(`exists ${path} on zk${sid}: ${outcome} ${error}`);
  return outcome === 'ok';
}

export async function read(lab: Lab, sid: number, path: string): Promise<string> {
  const { body } = await withSession(lab, sid, (session) =>
    session.request({ kind: 'getData', path, watch: false }),
  );
  return Buffer.from(body?.data ?? []).toString();
}
