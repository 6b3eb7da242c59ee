import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { RecordBatchStreamWriter, Schema, tableFromArrays, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { Messages } from '../../harness/history/message.ts';
import type { Op } from '../../harness/history/op.ts';
import { readHistory } from '../../harness/history/reader.ts';
import { anyOp } from './ops.ts';
import { boundaries, newFile, rowsOf, written } from './stored.ts';

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
});

const someOps = fc.sample(anyOp, { numRuns: 40, seed: 7 });

test('a tail that the file system filled with zeros counts as torn', () => {
  const path = written([someOps]);
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, -8), Buffer.alloc(300)]));
  expect(readHistory(path)).toMatchObject({ length: 40, torn: true });
});

/** Three batches, and what a reader makes of other bytes in their place: the whole, fewer rows and torn, or a Trouble. */
const batches = [someOps.slice(0, 5), someOps.slice(5, 9), someOps.slice(9, 20)];
const good = readFileSync(written(batches));
const prefixes = batches.map((_, i) => batches.slice(0, i).flat()).concat([batches.flat()]);

function readAs(bytes: Uint8Array): 'whole' | 'torn' | 'trouble' {
  const path = newFile();
  writeFileSync(path, bytes);
  let rows: Op[];
  let torn: boolean;
  try {
    const history = readHistory(path);
    rows = rowsOf(history);
    torn = history.torn;
  } catch (error) {
    expect(error).toBeInstanceOf(Trouble);
    expect((error as Error).message).toMatch(/^history .*: .*; /);
    return 'trouble';
  }
  if (!torn) {
    expect(rows).toEqual(batches.flat());
    return 'whole';
  }
  expect(prefixes).toContainEqual(rows);
  return 'torn';
}

test('every byte of the file is covered: a change anywhere is told', () => {
  const told = { whole: 0, torn: 0, trouble: 0 };
  for (let at = 0; at < good.length; at++) {
    const changed = Buffer.from(good);
    changed[at]! ^= 1 << (at % 8);
    told[readAs(changed)]++;
  }
  // A length that reaches beyond the end of the file looks like a torn tail.
  expect(told).toMatchObject({ whole: 0 });
  expect(told.trouble).toBeGreaterThan(good.length * 0.99);
});

test('whatever bytes are changed, taken out or put in, no row is invented, lost unnoticed or altered', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
  const change = fc.record({ at: fc.nat(good.length), skip: fc.constantFrom(0, 0, 1, 8, 64, 900), bytes });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let file = Buffer.from(good);
      for (const { at, skip, bytes } of changes)
        file = Buffer.concat([file.subarray(0, at), bytes, file.subarray(at + (skip || bytes.length))]);
      if (!file.equals(good)) expect(readAs(file)).not.toBe('whole');
    }),
    { numRuns: 500 },
  );
});

test('whole messages out of place, doubled or missing are told', () => {
  const ends = [0, ...boundaries(written(batches))];
  const messages = ends.slice(1).map((end, i) => good.subarray(ends[i], end));
  const [head, one, two, three] = messages as [Buffer, Buffer, Buffer, Buffer];
  const end = good.subarray(ends.at(-1));
  expect(readAs(Buffer.concat([head, one, two, three, end]))).toBe('whole');
  for (const order of [
    [one, three],
    [two, one, three],
    [one, one, two, three],
    [one, two, head, three],
  ])
    expect(readAs(Buffer.concat([head, ...order, end]))).toBe('trouble');
  expect(readAs(Buffer.concat([one, two, three, end]))).toBe('trouble');
  expect(readAs(Buffer.concat([good, good]))).toBe('trouble');
});

test('a changed byte in a batch is named with the batch', () => {
  const changed = Buffer.from(good);
  const [endOfSchema, endOfFirst] = boundaries(written(batches)) as [number, number];
  changed[endOfFirst - 1]! ^= 1;
  const path = newFile();
  writeFileSync(path, changed);
  expect(() => readHistory(path)).toThrow(`damaged at byte ${endOfSchema}: its checksum does not match`);
});

test('a broken length in the middle is an error and not a torn tail', () => {
  const [endOfSchema] = boundaries(written(batches)) as [number];
  const changed = Buffer.from(good);
  changed.writeInt32LE(0x7ffffff8, endOfSchema + 4);
  const path = newFile();
  writeFileSync(path, changed);
  expect(() => readHistory(path)).toThrow(`damaged at byte ${endOfSchema + 4}: a header of`);
});

test('a file that is no history is refused by name', () => {
  const path = newFile();
  writeFileSync(path, '{"this":"is JSON"}');
  expect(() => readHistory(path)).toThrow(/damaged at byte 0: no message begins here/);
  expect(() => readHistory(newFile())).toThrow(/ENOENT/);
});

test('another Arrow stream and a history of another layout are told from a damaged one', () => {
  const path = newFile();
  writeFileSync(path, tableToIPC(tableFromArrays({ a: Int32Array.of(1) }), 'stream'));
  expect(() => readHistory(path)).toThrow('this Arrow stream is not a history');
  const layout1 = new Schema([], new Map([['zk-gauntlet.history', '1']]));
  writeFileSync(path, new RecordBatchStreamWriter().reset(undefined, layout1).finish().toUint8Array(true));
  expect(() => readHistory(path)).toThrow('layout 1, or a changed header; this harness reads layout 2');
  const layout3 = new Schema([], new Map([['zk-gauntlet.history', '3']]));
  writeFileSync(path, new Messages().schema(layout3));
  expect(() => readHistory(path)).toThrow('layout 3, this harness reads layout 2');
});
