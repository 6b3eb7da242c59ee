import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { waitFor } from '../../harness/base/wait.ts';
import { openCache } from '../../harness/distribution/cache.ts';
import { checkArchive, withCds } from '../../harness/distribution/cds.ts';
import { findJava } from '../../harness/distribution/java.ts';
import { serverCommand } from '../../harness/distribution/jvm.ts';
import { type LoopbackServer, loopback } from '../../harness/distribution/loopback.ts';
import { findMaven } from '../../harness/distribution/maven.ts';
import { writeOnce } from '../../harness/distribution/one-write.ts';
import { zookeeperFromMaven } from '../../harness/distribution/zookeeper.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

/** Uses the user's own cache, so that only the first run needs the network and trains an archive. */
const missing = await findMaven()
  .then(() => findJava())
  .then(() => undefined)
  .catch((error: unknown) => {
    if (error instanceof Trouble) return error.message;
    throw error;
  });

describe.each(['3.9.5', '3.4.14'])('ZooKeeper %s from Maven', (version) => {
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });

  test('serves, from its archive, with our log layout and the settings of zoo.cfg', {
    timeout: 300_000,
  }, async () => {
    const java = await findJava();
    const cache = await openCache((line) => console.log(line));
    const software = await withCds(cache, java, await zookeeperFromMaven(cache, version));
    expect(software.cds).toBeDefined();

    const dir = await mkdtemp(join(tmpdir(), 'gauntlet-fetch-'));
    const topology = resolveTopology({ settings: { preAllocSize: 256 } }, version);
    const { servers, dispose } = await loopback({
      dir,
      topology,
      commandOf: (sid, files) =>
        serverCommand({
          java,
          software,
          logConfig: files.log4j,
          zooCfg: files.zooCfg,
          jvmFlags: sid === 1 ? ['-Xlog:class+load'] : [],
        }),
    });
    try {
      const all = [...servers.values()];
      await Promise.all(all.map((server) => server.start()));
      await Promise.all(all.map(takesAWrite));
      const output = await readFile(servers.get(1)!.logFile, 'utf8');
      expect(output).toMatch(
        /^[\d-]{10} [\d:,]{12} \[myid:1\] - INFO {2}\[QuorumPeer\[myid=1\].*:QuorumPeer@\d+\] - FOLLOWING$/m,
      );
      const main = /QuorumPeerMain source: (.*)/.exec(output)?.[1];
      expect(main).toContain('shared objects file');
      // A line of zoo.cfg becomes the system property that FileTxnLog reads, and wins over our -D.
      expect(await transactionLogKb(join(dir, 'zk1', 'data', 'version-2'))).toBe(256);
    } finally {
      await dispose();
      await rm(dir, { recursive: true });
    }
  });
});

test('an archive that the JVM does not use is noticed', async (context) => {
  if (missing !== undefined) context.skip(missing);
  const cache = await openCache((line) => console.log(line));
  const software = await zookeeperFromMaven(cache, '3.9.5');
  const checking = checkArchive(software, await findJava(), software.classpath[0]!);
  await expect(checking).rejects.toThrow('java -Xshare:on failed (exit 1)');
});

async function takesAWrite({ sid, endpoint }: LoopbackServer): Promise<void> {
  await waitFor({ what: `server ${sid} to take a write`, deadlineMs: 60_000 }, async () => {
    await writeOnce(endpoint, 5_000);
    return true;
  });
}

/** Without the file's own header of 16 bytes. */
async function transactionLogKb(dir: string): Promise<number> {
  const log = (await readdir(dir)).find((name) => name.startsWith('log.'));
  return Math.floor((await stat(join(dir, log!))).size / 1024);
}
