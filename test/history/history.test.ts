import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Message } from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import type { History } from '../../harness/history/history.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op } from '../../harness/history/op.ts';
import { readHistories, readHistory } from '../../harness/history/reader.ts';
import { columnNames } from '../../harness/history/schema.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';
import { anyOp } from './ops.ts';

let directory: string;
let files = 0;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gauntlet-history-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const newFile = () => join(directory, `${++files}.arrows`);
const rowsOf = (history: History): Op[] =>
  Array.from({ length: history.length }, (_, row) => history.op(row));

function written(batches: readonly (readonly Op[])[]): string {
  const path = newFile();
  const writer = HistoryWriter.open(path, { flushMs: 60_000 });
  for (const ops of batches) {
    for (const op of ops) writer.append(op);
    writer.flush();
  }
  writer.close();
  return path;
}

/** Ends of the whole messages: the schema, then one a batch. */
function boundaries(path: string): number[] {
  const bytes = readFileSync(path);
  const ends: number[] = [];
  for (let at = 0; at < bytes.length - 8; ) {
    const headerEnd = at + 8 + bytes.readInt32LE(at + 4);
    at = headerEnd + Message.decode(bytes.subarray(at + 8, headerEnd)).bodyLength;
    ends.push(at);
  }
  return ends;
}

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
      for (const column of columnNames) {
        if (column === 'value' || column === 'stat' || column === 'result') continue;
        expect(read[column as 'xid']).toEqual(expected[column as 'xid']);
      }
    }),
    { numRuns: 60 },
  );
});

test('a file cut at any byte gives exactly the whole batches before the cut', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyOp, { minLength: 1, maxLength: 4 }), { maxLength: 3 }), (batches) => {
      const path = written(batches);
      const whole = boundaries(path);
      const bytes = readFileSync(path);
      const cut = newFile();
      copyFileSync(path, cut);
      for (let size = bytes.length - 1; size >= 0; size--) {
        truncateSync(cut, size);
        const kept = Math.max(0, whole.filter((end) => end <= size).length - 1);
        const history = readHistory(cut);
        if (history.length !== batches.slice(0, kept).flat().length || !history.torn)
          throw new Error(`cut at ${size}: ${history.length} rows, torn ${history.torn}`);
      }
    }),
    { numRuns: 4 },
  );
}, 60_000);

const someOps = fc.sample(anyOp, { numRuns: 40, seed: 7 });

test('a tail that the file system filled with zeros counts as torn', () => {
  const path = written([someOps]);
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, -8), Buffer.alloc(300)]));
  expect(readHistory(path)).toMatchObject({ length: 40, torn: true });
});

test('one changed bit in a stored column is an error that names the batch', () => {
  const path = written([someOps.slice(0, 5), someOps.slice(5, 9)]);
  const bytes = readFileSync(path);
  const [endOfSchema, endOfFirst] = boundaries(path) as [number, number];
  const bodyStart = endOfSchema + 8 + bytes.readInt32LE(endOfSchema + 4);
  let caught = 0;
  for (let at = bodyStart; at < endOfFirst; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1 << (at % 8);
    const file = newFile();
    writeFileSync(file, changed);
    try {
      // Arrow pads columns to eight bytes; a change in the padding changes nothing that was stored.
      expect(rowsOf(readHistory(file))).toEqual(someOps.slice(0, 9));
    } catch (error) {
      expect(String(error)).toContain(`damaged at byte ${endOfSchema}: its checksum does not match`);
      caught++;
    }
    rmSync(file);
  }
  expect(caught).toBeGreaterThan((endOfFirst - bodyStart) * 0.5);
});

test('a broken length in the middle is an error and not a torn tail', () => {
  const path = written([someOps.slice(0, 5), someOps.slice(5, 9)]);
  const bytes = readFileSync(path);
  const [endOfSchema] = boundaries(path) as [number];
  bytes.writeInt32LE(0x7fffffff, endOfSchema + 4);
  writeFileSync(path, bytes);
  expect(() => readHistory(path)).toThrow(`damaged at byte ${endOfSchema + 4}`);
});

test('a file that is no history is refused by name', () => {
  const path = newFile();
  writeFileSync(path, '{"this":"is JSON"}');
  expect(() => readHistory(path)).toThrow(/damaged at byte 0: no message begins here/);
  expect(() => readHistory(newFile())).toThrow(/ENOENT/);
});

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
