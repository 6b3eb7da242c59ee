import { expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op } from '../../harness/history/op.ts';
import { outagesOf } from '../../reports/outages.ts';
import { op } from './sample-ops.ts';

const ms = 1e6;
const write = (invokedMs: number, returnedMs: number, more: Partial<Op> = {}) =>
  op({
    kind: 'setData',
    path: '/a',
    outcome: 'ok',
    invokedNs: invokedMs * ms,
    returnedNs: returnedMs * ms,
    ...more,
  });
const lost = (invokedMs: number, returnedMs: number) =>
  write(invokedMs, returnedMs, { outcome: 'unknown', error: -7 });
const outages = (...ops: Op[]) =>
  outagesOf(historyOf(ops)).map(({ fromNs, toNs, ended }) => [fromNs / ms, toNs / ms, ended]);

test('lasts from the last acknowledgement to the next while a client waits', () => {
  expect(outages(write(0, 10), write(5, 1000))).toEqual([[10, 1000, true]]);
});

test('begins with the first request when nobody asked before', () => {
  expect(outages(write(0, 10), write(700, 1000))).toEqual([[700, 1000, true]]);
});

test('a quiet client is no outage', () => {
  expect(outages(write(0, 10), write(2000, 2010))).toEqual([]);
});

test('200 ms are none, more are one', () => {
  expect(outages(write(0, 10), write(5, 210))).toEqual([]);
  expect(outages(write(0, 10), write(5, 211))).toEqual([[10, 211, true]]);
});

test('a write without an answer does not end it, nor does a lost connection', () => {
  expect(
    outages(write(0, 10), lost(20, 400), write(500, 900, { outcome: 'notSent' }), write(910, 1000)),
  ).toEqual([[20, 1000, true]]);
});

test('a refused update ends it: the leader has decided', () => {
  expect(outages(write(0, 10), write(20, 150, { outcome: 'fail', error: -103 }), write(160, 300))).toEqual(
    [],
  );
});

test('an expired session does not end it', () => {
  expect(outages(write(0, 10), write(20, 150, { outcome: 'fail', error: -112 }), write(160, 300))).toEqual([
    [20, 300, true],
  ]);
});

test('without a further acknowledgement it is told as not ended', () => {
  expect(outages(write(0, 10), lost(20, 1020), lost(500, 1500))).toEqual([[20, 1500, false]]);
});

test('reads and other phases do not matter', () => {
  const read = write(100, 110, { kind: 'getData' });
  const setup = write(300, 310, { phase: 'setup' });
  expect(outages(write(0, 10), write(5, 1000), read, setup)).toEqual([[10, 1000, true]]);
});

test('nothing written, nothing missed', () => {
  expect(outages()).toEqual([]);
});
