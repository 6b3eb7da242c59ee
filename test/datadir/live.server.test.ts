import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import { dataDirectoryAt, openDataDirectory } from '../../harness/datadir/data-directory.ts';
import { type LogRecord, readLog } from '../../harness/datadir/log-file.ts';
import { readSnapshot } from '../../harness/datadir/snapshot-file.ts';
import { machineLacks } from '../support/gauntlet.ts';
import { classpathOf, type Standalone, startStandalone } from '../support/standalone.ts';
import { ask, type Expected, fill, told } from './asked.ts';

/** A snapshot every ten to twenty transactions, and containers looked at five times a second. */
const flags = ['-Dzookeeper.snapCount=20', '-Dznode.container.checkIntervalMs=200'];

const why = machineLacks === undefined ? '' : ` (unsupported: ${machineLacks})`;

describe.skipIf(machineLacks !== undefined).each(['3.4.14', '3.5.8', '3.6.4', '3.8.6', '3.9.5'])(
  `the disk of a real %s${why}`,
  (version) => {
    let server: Standalone;
    let expected: Expected[];
    beforeAll(async () => {
      server = await startStandalone(version, flags);
      expected = await ask(server);
      await fill(server, 30);
      const snapshots = () => dataDirectoryAt(server.dataDir).snapshots.filter(({ zxid }) => zxid > 20);
      await waitFor(
        { what: 'a snapshot of what was asked', deadlineMs: 10_000 },
        () => snapshots().length > 0 || undefined,
      );
      if (version !== '3.4.14') await containerGone();
      await server.kill();
    });
    afterAll(() => server?.stop());

    const records = () => openDataDirectory(server.dataDir).logs.flatMap(({ path }) => [...readLog(path)]);
    async function containerGone(): Promise<void> {
      await waitFor(
        { what: 'the server to delete the empty container', deadlineMs: 10_000 },
        () => records().some(({ transaction }) => transaction.type === 'deleteContainer') || undefined,
      );
    }

    test('holds every transaction a client caused, at its zxid, as that request', () => {
      const byZxid = new Map(records().map(({ transaction }) => [transaction.zxid as number, transaction]));
      for (const { logged, ...who } of expected) {
        const found = byZxid.get(who.zxid);
        expect(found, JSON.stringify(logged).slice(0, 100)).toMatchObject(logged);
        expect(told(found!)).toEqual(who);
      }
    });

    test('holds nothing that cannot be read, without a zxid left out, and each log has a whole end', () => {
      const all = records();
      const zxids = all.map(({ transaction }) => transaction.zxid as number);
      expect(zxids).toEqual(zxids.map((_, i) => i + 1));
      expect(all.map(({ transaction }) => transaction.type)).not.toContain('unreadable');
      for (const { path } of openDataDirectory(server.dataDir).logs) expect(endOf(path).kind).toBe('whole');
    });

    // The tool of 3.7 and later needs commons-cli, which does not come with the server.
    test.runIf(version < '3.7')('says what ZooKeeper’s own tool says', async () => {
      const [log] = openDataDirectory(server.dataDir).logs;
      const lines = java(await classpathOf(version), 'org.apache.zookeeper.server.LogFormatter', log!.path);
      const theirs = [...lines.matchAll(/session 0x(\w+) cxid 0x(\w+) zxid 0x(\w+) (\w+)/g)];
      const ours = [...readLog(log!.path)].map(({ transaction: { session, cxid, zxid } }) =>
        [BigInt(`0x${session}`), cxid, zxid].map((number) => number.toString(16)),
      );
      expect(theirs.length).toBeGreaterThan(5);
      expect(ours).toEqual(theirs.map((match) => match.slice(1, 4)));
    });

    test('has snapshots whose nodes carry the zxids of the log', () => {
      const { snapshots } = openDataDirectory(server.dataDir);
      const created = new Map(
        records().flatMap(({ transaction: each }: LogRecord) =>
          'parentCversion' in each ? [[each.path, each.zxid]] : [],
        ),
      );
      const { nodes, acls } = readSnapshot(snapshots.findLast(({ zxid }) => zxid > 20)!.path);
      const own = nodes.filter(({ path }) => created.has(path));
      expect(own.length).toBeGreaterThan(5);
      for (const { path, czxid } of own) expect([path, czxid]).toEqual([path, created.get(path)]);
      const restricted = nodes.find(({ path }) => path === '/a/none')!;
      expect(acls.get(restricted.acl)).toEqual([{ perms: 1, scheme: 'world', id: 'anyone' }]);
      expect(nodes.find(({ path }) => path === '/a')).toMatchObject({
        value: 'x'.repeat(2_000),
        version: 1,
      });
    });
  },
);

describe.skipIf(machineLacks !== undefined).each([
  ['3.6.4', 'snappy'],
  ['3.9.5', 'gz'],
  ['3.9.5', 'snappy'],
])(`a %s that compresses snapshots with %s${why}`, (version, method) => {
  test('writes what can be read', async () => {
    await using server = await startStandalone(version, [
      ...flags,
      `-Dzookeeper.snapshot.compression.method=${method}`,
    ]);
    await ask(server);
    await fill(server, 30);
    const snapshot = await waitFor({ what: 'a snapshot of what was asked', deadlineMs: 10_000 }, () =>
      dataDirectoryAt(server.dataDir).snapshots.find(({ zxid }) => zxid > 20),
    );
    await server.kill();
    expect(snapshot.name).toMatch(new RegExp(`\\.${method}$`));
    const { nodes } = readSnapshot(snapshot.path);
    expect(nodes.find(({ path }) => path === '/a')).toMatchObject({ value: 'x'.repeat(2_000), version: 1 });
  });
});

const java = (classpath: string, ...args: string[]) =>
  execFileSync('java', ['-cp', classpath, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

function endOf(path: string) {
  const reading = readLog(path);
  let next = reading.next();
  while (!next.done) next = reading.next();
  return next.value;
}
