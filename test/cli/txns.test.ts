import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folderOf, logOf, recordedOf } from '../datadir/fixtures.ts';
import { gauntlet } from '../support/gauntlet.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('txns prints every transaction on a line, then how each file ends', async () => {
  const { code, stdout, output } = await gauntlet(['txns', folderOf('3.9.5')]);
  expect(code, output).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(
    /^0x1 {2}20\d\d-[-:.T\d]+Z {2}session 0x1\w+ cxid 0 {2}createSession timeout 10000 ms$/,
  );
  expect(lines[1]).toMatch(/ cxid 1 {2}create \/a "one"$/);
  const { records, endsAtByte } = recordedOf('3.9.5');
  expect(lines[records]).toBe(`# log.1: ${records} transactions, ends at byte ${endsAtByte}`);
});

test('txns --json prints one object a line', async () => {
  const { stdout } = await gauntlet(['txns', folderOf('3.6.4'), '--json']);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[1]).toMatchObject({
    file: 'log.1',
    zxid: '0x2',
    type: 'create',
    path: '/a',
    digest: { version: 2 },
  });
  expect(lines.at(-1)).toMatchObject({ snapshots: [{ file: 'snapshot.24' }], epochs: {} });
});

test('txns prints what is before the damage, then names the file, the byte and the reason, and ends with 3', async () => {
  const bytes = readFileSync(logOf('3.9.5'));
  bytes[3000]! ^= 1;
  writeFileSync(join(folder, 'log.1'), bytes);
  const { code, stdout, stderr } = await gauntlet(['txns', folder]);
  expect(code).toBe(3);
  expect(stdout).toContain('create /a "one"');
  expect(stderr).toMatch(
    /^gauntlet: .*log\.1: damaged at byte \d+: the checksum of a record does not match\n$/m,
  );
  copyFileSync(logOf('3.9.5'), join(folder, 'log.1'));
});

test('txns of a folder without logs is a mistake of the caller', async () => {
  const { code, stdout, stderr } = await gauntlet(['txns', '/none']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('gauntlet: /none: it does not exist; give a data directory of ZooKeeper');
});
