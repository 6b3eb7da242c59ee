import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../harness/base/wait.ts';
import type { Auth } from '../../harness/client/auth.ts';
import { knock } from '../../harness/client/knock.ts';
import { Session } from '../../harness/client/session.ts';
import { openCache } from '../../harness/distribution/cache.ts';
import { findJava } from '../../harness/distribution/java.ts';
import { serverCommand } from '../../harness/distribution/jvm.ts';
import { type LoopbackServer, loopback } from '../../harness/distribution/loopback.ts';
import { zookeeperFromMaven } from '../../harness/distribution/zookeeper.ts';
import type { Endpoint } from '../../harness/topology/endpoint.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { TopologyInput } from '../../harness/topology/topology.ts';

/** Servers on 127.0.0.1 that the harness under test did not start: for it they are somebody else's. */
export interface RunningEnsemble extends AsyncDisposable {
  endpoints: Endpoint[];
  /** "127.0.0.1:1,127.0.0.1:2". */
  servers: string;
  server(sid: number): LoopbackServer;
  /** Resolves when every server takes sessions. */
  serves(): Promise<void>;
}

export async function startEnsemble(
  topologyInput: TopologyInput = { voters: 3 },
  version = '3.9.5',
): Promise<RunningEnsemble> {
  const cache = await openCache((line) => process.stderr.write(`${line}\n`));
  const software = await zookeeperFromMaven(cache, version);
  const java = await findJava();
  const topology = resolveTopology(topologyInput, version);
  const dir = await mkdtemp(join(tmpdir(), 'gauntlet-ensemble-'));
  const { servers, dispose } = await loopback({
    dir,
    topology,
    commandOf: (sid, files) =>
      serverCommand({
        java,
        software,
        logConfig: software.logBackend === 'log4j' ? files.log4j : files.logback,
        zooCfg: files.zooCfg,
        jvmFlags: topology.nodes.find((node) => node.sid === sid)!.jvmFlags,
      }),
  });
  const endpoints = [...servers.values()].map(({ endpoint }) => endpoint);
  const serves = async () => {
    await waitFor({ what: 'the ensemble to serve', deadlineMs: 60_000, everyMs: 100 }, async () => {
      const answers = await Promise.all(endpoints.map((endpoint) => knock(endpoint, 1000)));
      return answers.every((answer) => answer === 'serving') || undefined;
    });
  };
  const stop = async () => {
    await dispose();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await Promise.all([...servers.values()].map((server) => server.start()));
    await serves();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoints,
    servers: endpoints.map(({ host, port }) => `${host}:${port}`).join(','),
    server: (sid) => servers.get(sid)!,
    serves,
    [Symbol.asyncDispose]: stop,
  };
}

/** Another client, which no harness knows of. */
export async function withSession<T>(
  endpoint: Endpoint,
  act: (session: Session) => Promise<T>,
  auth?: Auth,
): Promise<T> {
  const session = new Session({ timeoutMs: 10_000 });
  const { outcome } = await session.open(endpoint);
  if (outcome !== 'ok') throw new Error(`no session on ${endpoint.host}:${endpoint.port}`);
  if (auth) await session.addAuth(auth.scheme, auth.credentials);
  try {
    return await act(session);
  } finally {
    await session.close();
  }
}

/** Names of the children of a node, sorted; undefined when it does not exist. */
export async function childrenOf(endpoint: Endpoint, path: string): Promise<string[] | undefined> {
  return withSession(endpoint, async (session) => {
    await session.request({ kind: 'sync', path });
    const { body } = await session.request({ kind: 'getChildren', path, watch: false });
    return body?.children.sort();
  });
}
