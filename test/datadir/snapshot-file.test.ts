import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Malformed } from '../../harness/client/jute.ts';
import { readLog } from '../../harness/datadir/log-file.ts';
import { readSnapshot } from '../../harness/datadir/snapshot-file.ts';
import { logOf, recordings, snapshotsOf } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const all = recordings.flatMap((version) =>
  snapshotsOf(version).map((path) => ({ version, name: basename(path), path })),
);

describe.each(all)('$name of $version', ({ version, path }) => {
  const bytes = readFileSync(path);
  const snapshot = readSnapshot(path);
  const extension = extname(path).replace(/^\.[0-9a-f]+$/, '');

  test('holds the nodes that the log before it created, and their ACLs', () => {
    const created = [...readLog(logOf(version))].flatMap(({ transaction: each }) =>
      'parentCversion' in each && !each.ephemeral && !each.path.startsWith('/f') ? [each] : [],
    );
    const gone = ['/box', '/box/in'];
    for (const { path, zxid } of created.filter((each) => !gone.includes(each.path))) {
      expect(snapshot.nodes.find((node) => node.path === path)).toMatchObject({ czxid: zxid });
    }
    expect(created.length).toBeGreaterThan(2);
    const restricted = snapshot.nodes.find((node) => node.path === '/a/none')!;
    expect(snapshot.acls.get(restricted.acl)).toEqual([{ perms: 1, scheme: 'world', id: 'anyone' }]);
    expect(snapshot.nodes.find((node) => node.path === '/a')).toMatchObject({
      value: 'x'.repeat(2000),
      version: 1,
    });
  });

  test('ends as its release ends them', () => {
    expect(snapshot.digest !== undefined).toBe(version !== '3.4.14');
    expect(snapshot.lastZxid !== undefined).toBe(version === '3.9.5');
  });

  function readChanged(changed: Uint8Array) {
    const target = join(folder, `snapshot.1${extension}`);
    writeFileSync(target, changed);
    return readSnapshot(target);
  }

  test('cut anywhere is not whole', () => {
    // The seals of 3.6 and 3.9 were added behind a whole snapshot of the release before.
    const older = extension === '' ? { '3.6.4': [33], '3.9.5': [21, 54] }[version] : undefined;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        fc.pre(!older?.includes(bytes.length - length));
        expect(() => readChanged(bytes.subarray(0, length))).toThrow(Malformed);
      }),
      { numRuns: 200 },
    );
    for (const less of older ?? [])
      expect(readChanged(bytes.subarray(0, -less)).nodes).toEqual(snapshot.nodes);
  });

  test('with one byte changed is not taken for true', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= change;
        try {
          // A compressed stream has bytes that nothing depends on.
          expect(readChanged(changed)).toEqual(snapshot);
          expect(extension).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a snapshot without a byte is what a full disk leaves, and is not whole', () => {
  const target = join(folder, 'snapshot.2');
  writeFileSync(target, '');
  expect(() => readSnapshot(target)).toThrow('a beginning other than "ZKSN"');
});

test('a name that promises compression is believed', () => {
  const target = join(folder, 'snapshot.3.snappy');
  copyFileSync(snapshotsOf('3.4.14')[0]!, target);
  expect(() => readSnapshot(target)).toThrow('a beginning that is not that of a Snappy stream');
});
