import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../harness/base/wait.ts';
import { openCache } from '../../harness/distribution/cache.ts';
import { withCds } from '../../harness/distribution/cds.ts';
import { findJava } from '../../harness/distribution/java.ts';
import { serverCommand } from '../../harness/distribution/jvm.ts';
import { type LoopbackServer, loopback, type ServerFiles } from '../../harness/distribution/loopback.ts';
import { writeOnce } from '../../harness/distribution/one-write.ts';
import { zookeeperFromMaven } from '../../harness/distribution/zookeeper.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

/**
 * How long three real servers need from spawn until all three say that they serve, and until the first write is
 * acknowledged: with a JVM's default flags, with ours, and with ours and the class data archive. Interleaved rounds,
 * medians, and the ratio to the default of the same run. The last argument is the number of rounds.
 */
const rounds = Number(process.argv.at(-1)) || 5;
const version = '3.9.5';
/** QuorumPeer's line of 3.6 and later. */
const servingLine = /Peer state changed: (?:leading|following) - broadcast/;
const startMs = 60_000;
/** The budget for the last variant's first write: 0.6 of the default. */
const budget = 0.6;

const java = await findJava();
const cache = await openCache((line) => console.error(line));
const plain = await zookeeperFromMaven(cache, version);
const archived = await withCds(cache, java, plain);

type CommandOf = (sid: number, files: ServerFiles) => string[];
const variants: Record<string, CommandOf> = {
  'default JVM flags': (_sid, files) => [
    java.command,
    '-Dzookeeper.jmx.log4j.disable=true',
    `-Dlog4j.configuration=file:${files.log4j}`,
    '-cp',
    plain.classpath.join(':'),
    plain.mainClass,
    files.zooCfg,
  ],
  'our flags': (_sid, files) =>
    serverCommand({ java, software: plain, logConfig: files.log4j, zooCfg: files.zooCfg }),
  'our flags and archive': (_sid, files) =>
    serverCommand({ java, software: archived, logConfig: files.log4j, zooCfg: files.zooCfg }),
};

interface Start {
  servingMs: number;
  firstWriteMs: number;
}

async function startOnce(commandOf: CommandOf): Promise<Start> {
  const dir = await mkdtemp(join(tmpdir(), 'gauntlet-bench-start-'));
  const { servers, dispose } = await loopback({ dir, topology: resolveTopology({}, version), commandOf });
  const all = [...servers.values()];
  const stop = new AbortController();
  try {
    const startedAt = performance.now();
    const since = () => performance.now() - startedAt;
    await Promise.all(all.map((server) => server.start()));
    const [servingMs, firstWriteMs] = await Promise.all([
      Promise.all(all.map(saysItServes)).then(since),
      Promise.any(all.map((server) => takesAWrite(server, stop.signal))).then(since),
    ]);
    return { servingMs, firstWriteMs };
  } finally {
    stop.abort();
    await dispose();
    await rm(dir, { recursive: true });
  }
}

async function saysItServes({ sid, logFile }: LoopbackServer): Promise<void> {
  const wait = { what: `server ${sid} to say that it serves`, deadlineMs: startMs, everyMs: 10 };
  await waitFor(wait, async () => servingLine.exec(await readFile(logFile, 'utf8')) ?? undefined);
}

async function takesAWrite({ sid, endpoint }: LoopbackServer, signal: AbortSignal): Promise<void> {
  const wait = { what: `server ${sid} to take a write`, deadlineMs: startMs, everyMs: 10, signal };
  await waitFor(wait, async () => {
    await writeOnce(endpoint, startMs);
    return true;
  });
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const starts = new Map(Object.keys(variants).map((name): [string, Start[]] => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, commandOf] of Object.entries(variants))
    starts.get(name)!.push(await startOnce(commandOf));
}

const medians = [...starts].map(([name, times]) => ({
  name,
  servingMs: median(times.map((start) => start.servingMs)),
  firstWriteMs: median(times.map((start) => start.firstWriteMs)),
}));
const base = medians[0]!;
console.log(`ZooKeeper ${version}, three servers, Java ${java.full}, median of ${rounds} interleaved starts`);
console.table(
  Object.fromEntries(
    medians.map(({ name, servingMs, firstWriteMs }) => [
      name,
      {
        'all serving, ms': Math.round(servingMs),
        ratio: (servingMs / base.servingMs).toFixed(2),
        'first write, ms': Math.round(firstWriteMs),
        'ratio ': (firstWriteMs / base.firstWriteMs).toFixed(2),
      },
    ]),
  ),
);
const ratio = medians.at(-1)!.firstWriteMs / base.firstWriteMs;
console.log(`first write with archive / default = ${ratio.toFixed(2)} (budget ${budget})`);
if (ratio > budget) process.exitCode = 4;
