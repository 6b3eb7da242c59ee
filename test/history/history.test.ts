import { statSync, truncateSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import { type Op, type Stat, zxidOf } from '../../harness/history/op.ts';
import { readHistories, readHistory } from '../../harness/history/reader.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';
import { anyOp } from './ops.ts';
import { boundaries, newFile, rowsOf, written } from './stored.ts';

const numericColumns = [
  ...(['session', 'xid', 'kind', 'server', 'phase', 'outcome', 'error', 'invokedNs', 'returnedNs'] as const),
  ...(['zxid', 'path', 'version', 'flags', 'mzxid', 'statVersion'] as const),
];

test('what is written is read back, column by column and op by op', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyOp, { maxLength: 20 }), { maxLength: 4 }), (batches) => {
      const path = written(batches);
      const read = readHistory(path);
      const expected = historyOf(batches.flat());
      expect(read.torn).toBe(false);
      expect(rowsOf(read)).toEqual(batches.flat());
      expect(rowsOf(expected)).toEqual(batches.flat());
      expect(read.paths).toEqual(expected.paths);
      for (const column of numericColumns) expect(read[column]).toEqual(expected[column]);
    }),
    { numRuns: 60 },
  );
});

const stat: Stat = {
  czxid: zxidOf(3, 5),
  mzxid: zxidOf(3, 9),
  ctimeMs: 1_700_000_000_000,
  mtimeMs: 1_700_000_001_000,
  version: 4,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0',
  dataLength: 4,
  numChildren: 0,
  pzxid: zxidOf(3, 5),
};
const reads: Op = {
  ...{ session: 3, xid: 9, kind: 'getData', server: 2, phase: 'workload', outcome: 'ok', error: 0 },
  ...{ invokedNs: 1_000_000, returnedNs: 1_500_000, zxid: zxidOf(3, 12), path: '/r', value: 'c1-7' },
  ...{ version: -1, flags: 0, stat, result: null },
};

test.each(Object.keys(stat) as (keyof Stat)[])('Stats that differ in %s alone are told apart', (field) => {
  const other = {
    ...stat,
    [field]: field === 'ephemeralOwner' ? '0100000000000001' : Number(stat[field]) + 1,
  };
  const ops = [reads, { ...reads, stat: other }, reads, { ...reads, stat: null }];
  expect(rowsOf(readHistory(written([ops])))).toEqual(ops);
});

test('more Stats of a path and more paths than are remembered come back as they were', () => {
  const stats = Array.from({ length: 30 }, (_, i) => ({ ...reads, stat: { ...stat, cversion: i % 7 } }));
  const paths = Array.from({ length: 70_000 }, (_, i) => ({ ...reads, path: `/${i % 66_000}`, stat: null }));
  const ops = [...stats, ...paths, ...stats];
  expect(rowsOf(readHistory(written([ops])))).toEqual(ops);
});

test('a read or a write of a register takes at most 60 bytes beside its value', () => {
  const ops = Array.from({ length: 40_960 }, (_, i): Op => {
    const [zxid, mzxid] = [zxidOf(3, i + 20), zxidOf(3, i + 20 - (i % 2) * 5)];
    const value = `c${i % 9}-${i}`;
    const own = { ...stat, mzxid, mtimeMs: stat.ctimeMs + i, version: i, dataLength: value.length };
    return {
      ...reads,
      kind: i % 2 === 0 ? 'setData' : 'getData',
      path: `/gauntlet/r${i % 8}`,
      value,
      zxid,
      stat: own,
    };
  });
  const path = newFile();
  const writer = HistoryWriter.open(path, { flushMs: 60_000 });
  for (const op of ops) writer.append(op);
  writer.close();
  const valueBytes = ops.reduce((sum, { value }) => sum + value!.length, 0);
  expect((statSync(path).size - valueBytes) / ops.length).toBeLessThanOrEqual(60);
});

const someOps = fc.sample(anyOp, { numRuns: 40, seed: 7 });

test('several files are read as one, and one torn file makes the whole torn', () => {
  const first = written([someOps.slice(0, 10)]);
  const second = written([someOps.slice(10, 25), someOps.slice(25)]);
  expect(rowsOf(readHistories([first, second]))).toEqual(someOps);
  truncateSync(second, boundaries(second)[1]! + 1);
  const torn = readHistories([first, second]);
  expect(torn.torn).toBe(true);
  expect(rowsOf(torn)).toEqual(someOps.slice(0, 25));
});

test('a row reaches the file within the flush interval although nothing follows it', async () => {
  const path = newFile();
  const writer = HistoryWriter.open(path, { flushMs: 20 });
  writer.append(someOps[0]!);
  const row = await waitFor({ what: 'the row in the file', deadlineMs: 5000 }, () => {
    const history = readHistory(path);
    return history.length > 0 ? history : undefined;
  });
  expect(row.torn).toBe(true);
  writer.close();
  expect(rowsOf(readHistory(path))).toEqual([someOps[0]]);
});

test('a batch is written as soon as it is full', () => {
  const path = newFile();
  const writer = HistoryWriter.open(path, { flushMs: 60_000, flushRows: 8 });
  for (const op of someOps.slice(0, 20)) writer.append(op);
  expect(readHistory(path).length).toBe(16);
  writer.close();
});

test('an existing history is never overwritten', () => {
  const path = written([someOps]);
  expect(() => HistoryWriter.open(path)).toThrow(/EEXIST/);
});

test.skipIf(process.platform !== 'linux')(
  'an error of writing is kept and thrown by every later call',
  () => {
    const path = newFile();
    const writer = HistoryWriter.open(path, { flushMs: 60_000 });
    writer.append(someOps[0]!);
    // The file descriptor is taken away, as a failing disk would: every write from now on is an error.
    (writer as unknown as { file: number }).file = 1_000_000;
    expect(() => writer.flush()).toThrow(/EBADF/);
    expect(() => writer.append(someOps[1]!)).toThrow(/EBADF/);
    expect(() => writer.flush()).toThrow(/EBADF/);
    expect(() => writer.close()).toThrow(/EBADF/);
  },
);

test('an op that cannot be stored stops the history instead of leaving half a row', () => {
  const writer = HistoryWriter.open(newFile());
  const bad = { ...someOps[0]!, kind: 'rename' } as unknown as Op;
  expect(() => writer.append(bad)).toThrow(/"rename" is none of connect, close/);
  expect(() => writer.append(someOps[1]!)).toThrow(/rename/);
  expect(() => writer.close()).toThrow(/rename/);
});
