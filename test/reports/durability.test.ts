import { expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import { type Op, zxidOf } from '../../harness/history/op.ts';
import { durabilityOf } from '../../reports/durability.ts';
import { op, statOf } from './sample-ops.ts';

const times = { invokedNs: 0, returnedNs: 1 };
const acked = (counter: number, more: Partial<Op> = {}) =>
  op({ kind: 'setData', path: '/a', outcome: 'ok', ...times, zxid: zxidOf(1, counter), ...more });
const created = (counter: number, flags = 0) => acked(counter, { kind: 'create', flags, result: '/a' });
const read = (server: number, mzxid: number, more: Partial<Op> = {}) =>
  op({
    kind: 'getData',
    path: '/a',
    server,
    phase: 'final',
    outcome: 'ok',
    ...times,
    stat: statOf(zxidOf(1, mzxid), 0),
    ...more,
  });
const gone = (server: number) => read(server, 0, { outcome: 'fail', error: -101, stat: null });
const on1 = (...ops: Op[]) => {
  const { expected, found, missing, notRead } = durabilityOf(historyOf(ops), [1])[0]!;
  return { expected, found, missing, notRead };
};

test('a node at its last acknowledged write is found', () => {
  expect(on1(created(1), acked(2), read(1, 2))).toEqual({ expected: 1, found: 1, missing: 0, notRead: 0 });
});

test('an older value or no node is missing', () => {
  expect(on1(created(1), acked(2), read(1, 1)).missing).toBe(1);
  expect(on1(created(1), gone(1)).missing).toBe(1);
});

test('a later write whose answer was lost counts as found', () => {
  expect(on1(created(1), acked(3, { outcome: 'unknown', zxid: zxidOf(0, 0) }), read(1, 3)).found).toBe(1);
});

test('a deleted node is not expected, whether the delete was answered or not', () => {
  expect(on1(created(1), acked(2, { kind: 'delete' }), gone(1)).expected).toBe(0);
  expect(on1(created(1), acked(0, { kind: 'delete', outcome: 'unknown' }), gone(1)).expected).toBe(0);
});

test('ephemerals and nodes of a multi are left out', () => {
  expect(on1(created(1, 1), gone(1)).expected).toBe(0);
  const multi = acked(2, { kind: 'multi', path: '', value: '[{"op":"delete","path":"/a"}]' });
  expect(on1(created(1), multi, gone(1)).expected).toBe(0);
});

test('a sequential node is expected under the name it got', () => {
  const create = acked(1, { kind: 'create', path: '/q/n-', flags: 2, result: '/q/n-0000000000' });
  expect(on1(create, read(1, 1, { path: '/q/n-0000000000' })).found).toBe(1);
});

test('a server that was not read is told, in each phase that read anything', () => {
  const rows = durabilityOf(historyOf([created(1), read(1, 1), read(2, 1, { phase: 'poweroff' })]), [1, 2]);
  expect(rows.map(({ sid, phase, found, notRead }) => [phase, sid, found, notRead])).toEqual([
    ['final', 1, 1, 0],
    ['final', 2, 0, 1],
    ['poweroff', 1, 0, 1],
    ['poweroff', 2, 1, 0],
  ]);
});

test('without final reads there is nothing to show', () => {
  expect(durabilityOf(historyOf([created(1)]), [1])).toEqual([]);
});
