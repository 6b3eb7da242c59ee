import { expect, test } from 'vitest';
import { only, type Reading, registersOf } from '../../harness/export/registers.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op } from '../../harness/history/op.ts';
import { beginning, lost, read, register, row, wrote } from '../rule/hand.ts';

/** Each operation is invoked after the one before has returned: 0 to 5, 10 to 15, and so on. */
function callsOf(ops: readonly Op[], reading: Reading = 'strict') {
  const inTurn = ops.map((op, i) => ({ ...op, xid: i + 1, invokedNs: i * 10, returnedNs: i * 10 + 5 }));
  return registersOf(historyOf(inTurn), reading);
}

const brief = (ops: readonly Op[], reading?: Reading) =>
  callsOf(ops, reading).calls.map(({ outcome, invokedNs, returnedNs, touches }) => {
    const told = touches.map(({ key, f, value, expected }) =>
      [f, key, ...(f === 'cas' ? [expected] : []), value].join(' '),
    );
    return `${told.join(' + ')}: ${outcome}, ${invokedNs} to ${returnedNs}`;
  });

const failed: Partial<Op> = { outcome: 'fail', stat: null, result: null };
const other = '/gauntlet/other';

test('create, set and delete write, getData reads; no node is nil and no data is empty', () => {
  const ops = [
    row('create', register, 1, { value: null }),
    read(1, 1, 0, ''),
    wrote(2, 1, 'a'),
    row('delete', register, 3),
    row('getData', register, 3, { ...failed, error: -101 }),
    row('exists', register, 3),
  ];
  expect(brief(ops)).toEqual([
    'write /gauntlet/r : ok, 0 to 5',
    'read /gauntlet/r : ok, 10 to 15',
    'write /gauntlet/r a: ok, 20 to 25',
    'write /gauntlet/r : ok, 30 to 35',
    'read /gauntlet/r : ok, 40 to 45',
  ]);
  expect(callsOf(ops).calls.map(({ touches }) => touches[0]!.value)).toEqual(['', '', 'a', null, null]);
});

test('a write that asked for a version is a cas where some answer shows what the version held', () => {
  const conditional = (version: number, more: Partial<Op>) =>
    wrote(9, version + 1, 'new', { version, ...more });
  expect(
    brief([
      ...beginning(),
      wrote(3, 1, 'b'),
      conditional(1, {}),
      { ...conditional(1, failed), error: -103 },
      { ...conditional(1, { outcome: 'unknown', error: -4, stat: null }) },
      conditional(7, {}),
    ]).slice(3),
  ).toEqual([
    'cas /gauntlet/r b new: ok, 30 to 35',
    'write /gauntlet/r new: fail, 40 to 45',
    'cas /gauntlet/r b new: unknown, 50 to 55',
    'write /gauntlet/r new: ok, 60 to 65',
  ]);
});

test('versions of a node that was deleted say nothing: they begin again', () => {
  const ops = [
    ...beginning(),
    read(2, 2, 0, 'a'),
    row('delete', register, 3),
    wrote(5, 1, 'c', { version: 0 }),
  ];
  expect(brief(ops).at(-1)).toBe('write /gauntlet/r c: ok, 40 to 45');
});

test('a multi touches all its nodes at once, the last part on a node counts, a check none', () => {
  const parts = [
    { kind: 'check', path: '/gauntlet', version: 0 },
    { kind: 'setData', path: register, value: 'x', version: -1 },
    { kind: 'setData', path: register, value: 'y', version: -1 },
    { kind: 'delete', path: other, version: -1 },
  ];
  const multi = row('multi', '', 4, { value: JSON.stringify(parts), result: '[]' });
  expect(brief([multi])).toEqual(['write /gauntlet/r y + write /gauntlet/other : ok, 0 to 5']);
});

test('nodes that end by themselves or are named by the server are left out and counted', () => {
  const ops = [
    row('create', '/gauntlet/e', 1, { flags: 1 }),
    row('create', '/gauntlet/s-', 2, { flags: 2, result: '/gauntlet/s-0000000000' }),
    row('getData', '/gauntlet/s-0000000000', 2),
    lost('create', '/gauntlet/t-', { flags: 2 }),
    row('getData', '/gauntlet/t--2147483648', 3),
    row('getData', '/gauntlet/t-0000000007', 3),
  ];
  expect(callsOf(ops)).toEqual({ calls: [], skipped: 6 });
});

test('a read without an answer says nothing, one that never left did not happen', () => {
  const never = { outcome: 'notSent', error: -4, server: 0, result: null } as const;
  expect(brief([lost('getData', register), row('setData', register, 0, { ...never, value: 'q' })])).toEqual([
    'write /gauntlet/r q: fail, 10 to 15',
  ]);
});

test('how old a read may be: since its session knew of an update, since a sync, or not at all', () => {
  const ops = [
    ...beginning(),
    wrote(3, 1, 'b'),
    read(3, 3, 1, 'b'),
    row('sync', register, 3),
    read(3, 3, 1, 'b'),
  ];
  const foreign = read(2, 2, 0, 'a', { session: 2 });
  const readsOf = (reading: Reading) =>
    callsOf([...ops, foreign], reading)
      .calls.filter(({ touches }) => touches[0]!.f === 'read')
      .map(({ invokedNs, returnedNs }) => [invokedNs, returnedNs]);
  expect(readsOf('strict')).toEqual([
    [30, 35],
    [50, 55],
    [60, 65],
  ]);
  expect(readsOf('synced')).toEqual([
    [20, 35],
    [40, 55],
    [0, 65],
  ]);
  expect(readsOf('promised')).toEqual([
    [20, 35],
    [20, 55],
    [0, 65],
  ]);
});

test('one register alone', () => {
  const { calls } = callsOf([...beginning(), row('create', other, 5, { value: 'o' })]);
  expect(only(calls, other).flatMap(({ touches }) => touches.map(({ key }) => key))).toEqual([other]);
});
