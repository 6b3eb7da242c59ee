import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../harness/base/wait.ts';
import { fourLetter, parseSrvr } from '../../harness/client/four-letter.ts';
import { openCache } from '../../harness/distribution/cache.ts';
import { zookeeperFromMaven } from '../../harness/distribution/zookeeper.ts';
import type { Endpoint } from '../../harness/topology/endpoint.ts';

export interface Standalone extends AsyncDisposable {
  readonly version: string;
  readonly endpoint: Endpoint;
  readonly process: ChildProcess;
  /** Where it stores its data; `stop` removes it. */
  readonly dataDir: string;
  /** Ends it at once and leaves its data. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** The jars of a release as one class path, through Maven and the user's cache. */
export async function classpathOf(version: string): Promise<string> {
  const cache = await openCache((line) => process.stderr.write(`${line}\n`));
  return (await zookeeperFromMaven(cache, version)).classpath.join(':');
}

/** What `zkServer.sh` starts a server with, where the flags below aim at a quick start: compiled in full, 1000 MB. */
export const operatorsFlags = ['-Xmx1000m', '-XX:-UseSerialGC', '-XX:TieredStopAtLevel=4'];

/** Starts one server on a free port of 127.0.0.1 and waits until it serves. `flags` win over its usual ones. */
export async function startStandalone(version: string, flags: readonly string[] = []): Promise<Standalone> {
  const classpath = await classpathOf(version);
  const home = await mkdtemp(join(tmpdir(), `standalone-${version}-`));
  await mkdir(join(home, 'conf'));
  await writeFile(join(home, 'conf', 'logback.xml'), logback);
  await writeFile(join(home, 'conf', 'log4j.properties'), log4j);
  const port = await freePort();
  await using log = await open(join(home, 'server.log'), 'w');
  const child = spawn('java', [...quickStart, ...flags, ...javaArguments(classpath, home, port)], {
    stdio: ['ignore', log.fd, log.fd],
  });
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = async () => {
    killNow();
    await ended;
    process.off('exit', killNow);
  };
  const stop = async () => {
    await kill();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await waitFor({ what: `ZooKeeper ${version} to serve`, deadlineMs: 30_000 }, async () => {
      if (child.exitCode !== null) throw new Error(await readFile(join(home, 'server.log'), 'utf8'));
      const srvr = parseSrvr(await fourLetter({ host: '127.0.0.1', port }, 'srvr', 1000));
      return srvr.kind === 'serving' || undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    version,
    endpoint: { host: '127.0.0.1', port, sid: 1 },
    process: child,
    dataDir: join(home, 'data'),
    kill,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const quickStart = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** For its shape: ZooKeeperServerMain <port> <data dir> <tick ms>. TTL nodes need extendedTypesEnabled. */
function javaArguments(classpath: string, home: string, port: number): string[] {
  return [
    ...['-Dzookeeper.admin.enableServer=false', '-Dzookeeper.jmx.log4j.disable=true'],
    ...['-Dzookeeper.4lw.commands.whitelist=*', '-Dzookeeper.extendedTypesEnabled=true'],
    ...['-cp', `${join(home, 'conf')}:${classpath}`],
    ...['org.apache.zookeeper.server.ZooKeeperServerMain', String(port), join(home, 'data'), '500'],
  ];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const logback = `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5p %c{1} %m%n</pattern></encoder></appender>
  <root level="INFO"><appender-ref ref="out"/></root>
</configuration>
`;

const log4j = `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %-5p %c{1} %m%n
`;
