import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '../base/trouble.ts';
import { waitFor } from '../base/wait.ts';
import { resolveTopology } from '../topology/resolve.ts';
import type { Java } from './java.ts';
import { serverCommand } from './jvm.ts';
import { type LoopbackServer, loopback } from './loopback.ts';
import { writeOnce } from './one-write.ts';
import type { ServerSoftware } from './zookeeper.ts';

/** The trained server is neither the highest id, which leads first, nor the lowest, which never leads. */
const trained = 2;
/** One second on an idle machine; a loaded one was seen to take ten. */
const servingMs = 60_000;
const writeMs = 2_000;
const endMs = 20_000;

/**
 * Leads a server through its roles and has its JVM list the classes it loads: it joins as a follower, becomes the leader
 * when the first one is killed, takes writes as both, and is told to end. Throws when it does not get that far.
 */
export async function trainServer(
  software: ServerSoftware,
  java: Java,
  { dir, classList }: { dir: string; classList: string },
): Promise<void> {
  const { servers, dispose } = await loopback({
    dir,
    topology: resolveTopology({ voters: 3 }, software.version),
    commandOf: (sid, files) =>
      serverCommand({
        java,
        software,
        logConfig: software.logBackend === 'log4j' ? files.log4j : files.logback,
        zooCfg: files.zooCfg,
        jvmFlags: sid === trained ? [`-XX:DumpLoadedClassList=${classList}`] : [],
      }),
  });
  const [lowest, student, highest] = [servers.get(1)!, servers.get(trained)!, servers.get(3)!];
  try {
    await Promise.all([lowest.start(), highest.start()]);
    await Promise.all([serves(lowest), serves(highest)]);
    await student.start();
    await serves(student);
    await highest.end('SIGKILL', 10_000);
    await Promise.all([serves(student), serves(lowest)]);
    await student.end('SIGTERM', endMs);
    await stat(classList).catch(async (error) => {
      throw new Error(`the JVM wrote no list of classes: ${await lastLine(student)}`, { cause: error });
    });
  } finally {
    await dispose();
  }
}

async function serves(server: LoopbackServer): Promise<void> {
  const gone = new AbortController();
  void server.ended().then(() => gone.abort(new Error(`server ${server.sid} ended`)));
  const wait = { what: `server ${server.sid} to take a write`, deadlineMs: servingMs, signal: gone.signal };
  try {
    await waitFor(wait, async () => {
      await writeOnce(server.endpoint, writeMs);
      return true;
    });
  } catch (error) {
    throw new Error(`${messageOf(error)}: ${await lastLine(server)}`, { cause: error });
  }
}

async function lastLine({ logFile }: LoopbackServer): Promise<string> {
  return (await readFile(logFile, 'utf8')).trim().split('\n').at(-1) ?? '';
}
