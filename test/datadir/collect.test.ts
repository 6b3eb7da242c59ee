import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../harness/datadir/collect.ts';
import { readLog } from '../../harness/datadir/log-file.ts';
import { mergeLogs } from '../../harness/datadir/merge-logs.ts';
import type { StoredRow } from '../../harness/datadir/stored-transactions.ts';
import type { Transaction } from '../../harness/datadir/transaction.ts';
import { readTransactions, writeTransactions } from '../../harness/datadir/transactions-file.ts';
import type { Zxid } from '../../harness/history/op.ts';
import { logOf, recordedOf, snapshotsOf } from './fixtures.ts';

const version = '3.9.5';
const inLog = [...readLog(logOf(version))].map(({ transaction }) => transaction);
let home: string;
let target: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
  target = join(home, 'transactions.ndjson.gz');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function server(sid: number, ...files: string[]): [number, string] {
  const folder = join(home, `zk${sid}`);
  mkdirSync(join(folder, 'data', 'version-2'), { recursive: true });
  for (const file of files) copyFileSync(file, join(folder, 'data', 'version-2', basename(file)));
  return [sid, folder];
}

async function collected(...servers: [number, string][]) {
  await writeTransactions(target, collect(new Map(servers)));
  return readTransactions(target);
}

test('what several servers hold is one row each, and comes back as it was', async () => {
  const stored = await collected(server(1, logOf(version)), server(2, logOf(version)), server(3));
  expect(stored.rows).toEqual(inLog.map((transaction) => ({ transaction, on: [1, 2] })));
  expect(stored.servers).toEqual([
    {
      sid: 1,
      epochs: {},
      logs: [
        {
          file: 'log.1',
          bytes: readFileSync(logOf(version)).length,
          records: inLog.length,
          first: 1,
          last: inLog.length,
          end: { kind: 'whole', atByte: recordedOf(version).endsAtByte },
        },
      ],
      snapshots: [],
    },
    expect.objectContaining({ sid: 2 }),
    { sid: 3, epochs: {}, logs: [], snapshots: [] },
  ]);
});

test('the nodes of a snapshot are kept where the log does not reach it, and only there', async () => {
  const snapshot = snapshotsOf(version).find((path) => /\.[0-9a-f]+$/.test(path))!;
  const stored = await collected(server(1, logOf(version), snapshot), server(2, snapshot));
  const zxid = Number.parseInt(basename(snapshot).split('.')[1]!, 16);
  expect(stored.servers[0]!.snapshots).toEqual([expect.not.objectContaining({ adopted: true })]);
  expect(stored.servers[1]!.snapshots).toEqual([expect.objectContaining({ zxid, adopted: true })]);
  expect(new Set(stored.nodes.map((node) => node.sid))).toEqual(new Set([2]));
  expect(stored.nodes.find(({ path }) => path === '/a')).toMatchObject({ zxid, value: 'x'.repeat(2000) });
});

test('damage is told and costs only what is behind it', async () => {
  const [sid, folder] = server(1, logOf(version), snapshotsOf(version)[0]!);
  const files = join(folder, 'data', 'version-2');
  const bytes = readFileSync(logOf(version));
  bytes[3000]! ^= 1;
  writeFileSync(join(files, 'log.1'), bytes);
  writeFileSync(join(files, 'snapshot.ff'), 'ZKSN');
  const { rows, servers } = await collected([sid, folder]);
  expect(rows.map(({ transaction }) => transaction)).toEqual(inLog.slice(0, rows.length));
  expect(servers[0]!.logs[0]!.end.kind).toBe('damaged');
  expect(servers[0]!.snapshots.at(-1)).toEqual({
    file: 'snapshot.ff',
    zxid: 0xff,
    bytes: 4,
    damage: 'an int with 0 bytes left',
  });
});

describe('the file', () => {
  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), 'unexpected end of file'],
    ['of something else', () => gzipSync('{"format":"other"}\n'), 'format "other"'],
    [
      'without its end',
      () => gzipSync('{"format":"zk-gauntlet.transactions","layout":1}\n'),
      'it has no end',
    ],
    ['of text', () => Buffer.from('text'), 'incorrect header check'],
  ])('%s is a Trouble that names it', async (_, change, words) => {
    await collected(server(1, logOf(version)));
    writeFileSync(target, change(readFileSync(target)));
    expect(() => readTransactions(target)).toThrow(words);
    expect(() => readTransactions(target)).toThrow(target);
  });
});

describe('merging', () => {
  const deleted = (zxid: number, path = '/a'): Transaction => ({
    zxid: zxid as Zxid,
    session: '1',
    cxid: 1,
    timeMs: 0,
    type: 'delete',
    path,
  });
  const merged = (...logs: Transaction[][]) =>
    [...mergeLogs(logs.map((log, i) => ({ sid: i + 1, transactions: log.values() })))].map(
      ({ transaction: { zxid }, on }: StoredRow) => `${zxid} ${on.join('')}`,
    );

  test('keeps what is missing, and what differs, apart', () => {
    expect(merged([deleted(1), deleted(2), deleted(4)], [deleted(1), deleted(3)])).toEqual([
      '1 12',
      '2 1',
      '3 2',
      '4 1',
    ]);
    expect(merged([deleted(1), deleted(2)], [deleted(1, '/b'), deleted(2)])).toEqual(['1 1', '1 2', '2 12']);
  });

  test('keeps every server’s own order, also where it is wrong', () => {
    expect(merged([deleted(1), deleted(3), deleted(2)], [deleted(1), deleted(2), deleted(3)])).toEqual([
      '1 12',
      '2 2',
      '3 12',
      '2 1',
    ]);
  });
});
