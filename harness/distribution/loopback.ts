import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { log4jProperties, logbackXml } from '../topology/log4j-properties.ts';
import type { Topology } from '../topology/topology.ts';
import { myid, type ServerPlace, zooCfg } from '../topology/zoo-cfg.ts';
import { type DeathWatch, watchForOurDeath } from './death-watch.ts';
import { freePorts } from './free-ports.ts';

/** Files of one server, for its command line. */
export interface ServerFiles {
  zooCfg: string;
  log4j: string;
  logback: string;
}

export interface LoopbackRequest {
  /** Existing directory that receives everything the servers write. */
  dir: string;
  topology: Topology;
  commandOf(sid: number, files: ServerFiles): string[];
}

export interface LoopbackServer {
  sid: number;
  endpoint: { sid: number; host: string; port: number };
  logFile: string;
  start(): Promise<void>;
  /** Resolves when the process has ended; at once when none was started. */
  ended(): Promise<void>;
  /** Signals the process and waits for its end; SIGKILL follows at the deadline. Fine when it has ended already. */
  end(signal: 'SIGTERM' | 'SIGKILL', deadlineMs: number): Promise<void>;
}

export interface Loopback {
  servers: ReadonlyMap<number, LoopbackServer>;
  /** Ends every server; none outlives this process, even when it is killed. */
  dispose(): Promise<void>;
}

/**
 * Real servers side by side on 127.0.0.1, without privileges and without isolation: for training class data archives and
 * for measuring starts. Scenarios never run on it.
 */
export async function loopback({ dir, topology, commandOf }: LoopbackRequest): Promise<Loopback> {
  const places = await choosePlaces(dir, topology);
  const watch = watchForOurDeath();
  const servers = new Map<number, LoopbackServer>();
  for (const { sid } of topology.nodes) {
    const files = await writeFiles(join(dir, `zk${sid}`), topology, sid, places);
    const endpoint = { sid, host: '127.0.0.1', port: places.get(sid)!.ports!.client };
    servers.set(sid, serverOf(endpoint, join(dir, `zk${sid}.log`), commandOf(sid, files), watch));
  }
  return {
    servers,
    async dispose() {
      await Promise.all([...servers.values()].map((server) => server.end('SIGKILL', 10_000)));
      await watch.close();
    },
  };
}

function serverOf(
  endpoint: LoopbackServer['endpoint'],
  logFile: string,
  [program, ...args]: string[],
  watch: DeathWatch,
): LoopbackServer {
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  return {
    sid: endpoint.sid,
    endpoint,
    logFile,
    async start() {
      const log = await open(logFile, 'a');
      try {
        const started = spawn(program!, args, { stdio: ['ignore', log.fd, log.fd] });
        child = started;
        await once(started, 'spawn');
        const { pid } = started;
        watch.add(pid!);
        ended = once(started, 'exit').then(() => watch.remove(pid!));
      } finally {
        await log.close();
      }
    },
    ended: () => ended,
    async end(signal, deadlineMs) {
      child?.kill(signal);
      const timer = setTimeout(() => child?.kill('SIGKILL'), deadlineMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function choosePlaces(dir: string, topology: Topology): Promise<Map<number, ServerPlace>> {
  const ports = await freePorts(topology.nodes.length * 3);
  return new Map(
    topology.nodes.map(({ sid }, index) => {
      const [client, quorum, election] = ports.slice(index * 3, index * 3 + 3) as [number, number, number];
      const data = join(dir, `zk${sid}`, 'data');
      const ownPorts = { client, quorum, election };
      return [
        sid,
        { host: '127.0.0.1', ports: ownPorts, dataDir: data, dataLogDir: join(dir, `zk${sid}`, 'log') },
      ];
    }),
  );
}

async function writeFiles(
  home: string,
  topology: Topology,
  sid: number,
  places: ReadonlyMap<number, ServerPlace>,
): Promise<ServerFiles> {
  const files = {
    zooCfg: join(home, 'zoo.cfg'),
    log4j: join(home, 'log4j.properties'),
    logback: join(home, 'logback.xml'),
  };
  await mkdir(join(home, 'data'), { recursive: true });
  await writeFile(join(home, 'data', 'myid'), myid(sid));
  await writeFile(files.zooCfg, zooCfg(topology, sid, places));
  await writeFile(files.log4j, log4jProperties());
  await writeFile(files.logback, logbackXml());
  return files;
}
