import { expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op } from '../../harness/history/op.ts';
import { trafficOf } from '../../reports/traffic.ts';
import { op } from './sample-ops.ts';

const ms = 1e6;
const write = (invokedMs: number, tookMs: number, more: Partial<Op> = {}) =>
  op({
    kind: 'setData',
    path: '/a',
    outcome: 'ok',
    invokedNs: invokedMs * ms,
    returnedNs: (invokedMs + tookMs) * ms,
    ...more,
  });
const traffic = (ops: Op[], endMs = 1000) => trafficOf(historyOf(ops), endMs * ms);

test('an operation counts in the bucket of its answer, its latency in the bucket of its request', () => {
  const { writes, writeMs } = traffic([write(50, 200)]);
  expect(writes).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  expect(writeMs.p50.slice(0, 3)).toEqual([200, null, null]);
});

test('reads, writes, refusals, unknown and never sent are told apart', () => {
  const { totals } = traffic([
    write(1, 1),
    write(1, 1, { kind: 'getData' }),
    write(1, 1, { kind: 'sync' }),
    write(1, 1, { outcome: 'fail', error: -103 }),
    write(1, 1, { outcome: 'unknown', error: -7 }),
    write(1, 0, { outcome: 'notSent', error: -4 }),
    write(1, 1, { kind: 'connect' }),
    write(1, 1, { kind: 'event' }),
  ]);
  expect(totals).toEqual({ ops: 6, reads: 2, writes: 1, refused: 1, unknown: 1, notSent: 1 });
});

test('final reads are no traffic', () => {
  expect(traffic([write(1, 1, { kind: 'getData', phase: 'final' })]).totals.ops).toBe(0);
});

test('an operation without an answer has no latency', () => {
  expect(traffic([write(1, 900, { outcome: 'unknown', error: -7 })]).writeMs.max[0]).toBeNull();
});

test('quantiles are of the nearest rank', () => {
  const { writeMs } = traffic(Array.from({ length: 100 }, (_, i) => write(i / 10, i + 1)));
  expect([writeMs.p50[0], writeMs.p99[0], writeMs.max[0]]).toEqual([50, 99, 100]);
});

test('a long run gets wider buckets, never more of them than a page can draw', () => {
  const { bucketMs, writes } = traffic([write(1, 1)], 3_600_000);
  expect(bucketMs).toBe(2000);
  expect(writes.length).toBe(1800);
});

test('an operation after the end counts in the last bucket', () => {
  expect(traffic([write(990, 500)]).writes.at(-1)).toBe(1);
});
