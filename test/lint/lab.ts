import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exit, Machine } from '../../harness/backend/backend.ts';
import type { Launcher } from '../../harness/backend/sandbox/machine.ts';
import { addressOf, sandboxRoot } from '../../harness/backend/sandbox/network.ts';
import { makeSandboxSite } from '../../harness/backend/sandbox/site.ts';
import { clockSince, takeOrigin } from '../../harness/base/clock.ts';
import { waitFor } from '../../harness/base/wait.ts';
import { fourLetter } from '../../harness/client/four-letter.ts';
import { serverCommand } from '../../harness/distribution/jvm.ts';
import { writeOnce } from '../../harness/distribution/one-write.ts';
import type { ServerSoftware } from '../../harness/distribution/zookeeper.ts';
import { lookAt } from '../../harness/ensemble/look.ts';
import { log4jProperties } from '../../harness/topology/log4j-properties.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { Role } from '../../harness/topology/roles.ts';

/** What a server is started with: its files, as a person wrote them. */
export interface Bare {
  /** zooN means machine N, /var/lib/zookeeper its own storage. */
  cfg: string;
  /** Null for none: then a myid that lies there stays. */
  myid: string | null;
  release?: string;
  /** Runs on the network of another machine. */
  on?: number;
}

export interface Software {
  java: string;
  releases: Record<string, ServerSoftware>;
}

/** Two JVMs start on two cores at once within a second; a busy machine was seen to take twenty. */
const deadlineMs = 60_000;

export type Lab = Awaited<ReturnType<typeof openLab>>;

/** Machines for servers with any configuration at all. Runs inside a sandbox. */
export async function openLab(size: number, { java, releases }: Software, addressOfZoo = addressOf) {
  const bare = new Map<number, Bare>();
  const launcher: Launcher = (sid, { conf, data }) => {
    const { cfg, myid, release = '3.9.5', on = sid } = bare.get(sid)!;
    const [zooCfg, logConfig] = [join(conf, 'zoo.cfg'), join(conf, 'log4j.properties')];
    const command = serverCommand({
      java: { command: java },
      software: releases[release]!,
      logConfig,
      zooCfg,
      jvmFlags: ['-Dzookeeper.admin.enableServer=false'],
    });
    const files = [
      { path: zooCfg, text: lab.texts(sid, cfg) },
      { path: logConfig, text: log4jProperties() },
      ...(myid === null ? [] : [{ path: join(data, 'myid'), text: myid }]),
    ];
    const place = on === sid ? [] : ['nsenter', `--net=/run/netns/zk${on}`, '--'];
    return { version: release, files, command: [...place, ...command] };
  };
  const logDirectory = mkdtempSync(join(tmpdir(), 'gauntlet-lint-'));
  const site = await makeSandboxSite(
    {
      topology: resolveTopology({ voters: size }, '3.9.5'),
      clock: clockSince(takeOrigin()),
      logDirectory,
      runId: 'lint',
    },
    launcher,
  );
  const machine = (sid: number): Machine => site.machines.get(sid)!;
  const lab = {
    dataOf: (sid: number) => join(sandboxRoot, `zk${sid}`, 'data'),
    confOf: (sid: number) => join(sandboxRoot, `zk${sid}`, 'conf'),
    texts: (sid: number, text: string) =>
      text
        .replaceAll(/\bzoo(\d)\b/g, (_, n: string) => addressOfZoo(Number(n)))
        .replaceAll('/var/lib/zookeeper', lab.dataOf(sid)),
    endpointOf: (sid: number) => machine(sid).endpoint,
    async start(sid: number, server: Bare) {
      bare.set(sid, server);
      await mkdir(lab.dataOf(sid), { recursive: true });
      await machine(sid).start();
    },
    async kill(sid: number) {
      await machine(sid).signal('SIGKILL');
      await machine(sid).ended();
    },
    wipe: (sid: number) => machine(sid).wipe(),
    async ended(sid: number): Promise<Exit> {
      await waitFor({ what: `zk${sid} to end`, deadlineMs }, async () =>
        (await machine(sid).state()) === 'gone' ? true : undefined,
      );
      return await machine(sid).ended();
    },
    log: (sid: number) => readFile(machine(sid).logFile, 'utf8'),
    role: async (sid: number) => (await lookAt(machine(sid).endpoint)).role,
    /** Waits until every one of these servers has one of these roles. */
    async roles(sids: readonly number[], ...wanted: Role[]): Promise<Role[]> {
      const what = `zk${sids.join(', zk')} to be ${wanted.join(' or ')}`;
      return await waitFor({ what, deadlineMs }, async () => {
        const roles = await Promise.all(sids.map(lab.role));
        return roles.every((role) => wanted.includes(role)) ? roles : undefined;
      });
    },
    async logged(sid: number, text: RegExp): Promise<string> {
      const what = `zk${sid} to log ${text}`;
      return await waitFor({ what, deadlineMs }, async () => text.exec(await lab.log(sid))?.[0]);
    },
    /** Waits until a server acknowledges a write. */
    async write(sid: number): Promise<void> {
      await waitFor({ what: `zk${sid} to take a write`, deadlineMs }, async () => {
        await writeOnce(machine(sid).endpoint, 2000);
        return true;
      });
    },
    word: (sid: number, word: string) => fourLetter(machine(sid).endpoint, word, 2000),
    async close() {
      await site.dispose();
      await rm(logDirectory, { recursive: true });
    },
  };
  return lab;
}
