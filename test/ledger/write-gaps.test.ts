import { expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import { type Op, zxidOf } from '../../harness/history/op.ts';
import type { Election } from '../../harness/ledger/ledger.ts';
import { gapMs, withWriteGaps } from '../../harness/ledger/write-gaps.ts';

const ack = (epoch: number, returnedMs: number, more: Partial<Op> = {}): Op => ({
  session: 1,
  xid: 0,
  kind: 'setData',
  server: 1,
  phase: 'workload',
  outcome: 'ok',
  error: 0,
  invokedNs: returnedMs * 1e6 - 1,
  returnedNs: returnedMs * 1e6,
  zxid: zxidOf(epoch, 5),
  path: '/gauntlet/r',
  value: 'a',
  version: -1,
  flags: 0,
  stat: null,
  result: null,
  ...more,
});
const election = (epoch?: number): Election => ({
  startedNs: 0,
  ...(epoch !== undefined && { winner: 1, epoch }),
  participants: [1],
  votes: [],
  syncs: [],
});
const gap = (epoch: number, ops: Op[]) => withWriteGaps([election(epoch)], historyOf(ops))[0]!.writes!;

test('the gap runs from the last acknowledgement of an older epoch to the first of the new one', () => {
  const ops = [ack(1, 100), ack(1, 300), ack(2, 900), ack(2, 950), ack(3, 2000)];
  expect(gap(2, ops)).toEqual({ lastAckNs: 300e6, firstAckNs: 900e6 });
  expect(gapMs(gap(2, ops))).toBe(600);
});

test('reads and writes without an answer end no gap', () => {
  const ops = [
    ack(1, 100),
    ack(2, 200, { kind: 'getData' }),
    ack(2, 300, { outcome: 'unknown' }),
    ack(2, 400),
  ];
  expect(gapMs(gap(2, ops))).toBe(300);
});

test('an epoch in which no client wrote leaves the gap open', () => {
  expect(gap(2, [ack(1, 100)])).toEqual({ lastAckNs: 100e6 });
  expect(gapMs(gap(2, [ack(1, 100)]))).toBeUndefined();
});

test('an election that nobody won has none', () => {
  expect(withWriteGaps([election()], historyOf([ack(1, 100)]))[0]).not.toHaveProperty('writes');
});
