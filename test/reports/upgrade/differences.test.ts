import { describe, expect, test } from 'vitest';
import { historyOf } from '../../../harness/history/in-memory.ts';
import { anyVersion, type Op, type Zxid } from '../../../harness/history/op.ts';
import { answersIn } from '../../../reports/upgrade/calls.ts';
import { differencesOf, surprising } from '../../../reports/upgrade/differences.ts';
import { announcementOf } from '../../../reports/upgrade/documented.ts';

const op = (at: number, more: Partial<Op>): Op => ({
  session: 2,
  xid: at,
  kind: 'exists',
  server: 1,
  phase: 'workload',
  outcome: 'ok',
  error: 0,
  invokedNs: at,
  returnedNs: at,
  zxid: at as Zxid,
  path: '/gauntlet/a',
  value: null,
  version: anyVersion,
  flags: 0,
  stat: null,
  result: null,
  ...more,
});
const stat = (version: number, zxid: number) => ({
  czxid: zxid as Zxid,
  mzxid: zxid as Zxid,
  ctimeMs: zxid,
  mtimeMs: zxid,
  version,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0',
  dataLength: 3,
  numChildren: 0,
  pzxid: zxid as Zxid,
});
const opened = op(1, { kind: 'connect', path: '', value: 'c0' });
const answered = (ops: Op[]) => answersIn(historyOf([opened, ...ops]), '/gauntlet');
const releases = { from: '3.8.6', to: '3.9.5' };

describe('answers of two releases', () => {
  test('that differ in zxids, times and the place of the tree are alike', () => {
    const before = answered([op(2, { kind: 'setData', stat: stat(1, 77) })]);
    const after = answered([op(9, { kind: 'setData', stat: stat(1, 99) })]);
    expect(differencesOf(before, after, releases)).toEqual({ compared: 1, differences: [] });
    expect(before[0]!.call).toBe('setData /a');
  });

  test('that differ in an error code, a version or data are told', () => {
    const before = answered([
      op(2, { outcome: 'fail', error: -101 }),
      op(3, { kind: 'setData', stat: stat(1, 7) }),
      op(4, { kind: 'getData', value: 'x' }),
    ]);
    const after = answered([
      op(2, { outcome: 'fail', error: -102 }),
      op(3, { kind: 'setData', stat: stat(2, 7) }),
      op(4, { kind: 'getData', value: 'y' }),
    ]);
    const found = differencesOf(before, after, releases)!;
    expect(found.differences.map(({ before, after }) => [before, after])).toEqual([
      ['NONODE', 'NOAUTH'],
      [
        'ok (version 1, cversion 0, aversion 0, 3 bytes, 0 children)',
        'ok (version 2, cversion 0, aversion 0, 3 bytes, 0 children)',
      ],
      ['ok "x"', 'ok "y"'],
    ]);
    expect(surprising(found)).toHaveLength(3);
  });

  test('of scripts that were not the same, or did not end, are not compared', () => {
    const one = answered([op(2, {}), op(3, { kind: 'sync' })]);
    expect(differencesOf(one, one.slice(0, 1), releases)).toBeUndefined();
    expect(differencesOf(one, answered([op(2, {}), op(3, { kind: 'delete' })]), releases)).toBeUndefined();
    expect(differencesOf([], [], releases)).toBeUndefined();
  });

  test('are those of the one client at work: no set-up, no heartbeat, no request that was never sent', () => {
    const calls = answered([
      op(2, { phase: 'setup' }),
      op(3, { outcome: 'notSent', error: -4 }),
      op(4, { kind: 'setData', path: '/gauntlet/through' }),
      op(5, { session: 9 }),
      op(6, { kind: 'event' }),
      op(7, { path: '/gauntlet' }),
    ]);
    expect(calls).toEqual([{ call: 'exists /', answer: 'ok' }]);
  });
});

describe('a difference is documented', () => {
  const exists = { call: 'exists /locked', before: 'ok (version 0)', after: 'NOAUTH' };
  test.each([
    ['3.8.3', '3.8.4', true],
    ['3.7.2', '3.9.2', true],
    ['3.4.14', '3.8.6', true],
    ['3.8.4', '3.9.2', false],
    // 3.8.4 has it and 3.9.1 has not: going there takes it away, which is the other way round.
    ['3.8.4', '3.9.1', false],
    ['3.9.2', '3.9.5', false],
  ])('only where the releases are on the two sides of it: %s to %s', (from, to, known) => {
    expect(announcementOf(exists, { from, to })?.source).toBe(known ? 'ZOOKEEPER-2590' : undefined);
  });

  test('also on the way back, the other way round', () => {
    const back = { call: exists.call, before: exists.after, after: exists.before };
    expect(announcementOf(back, { from: '3.9.2', to: '3.9.1' })?.source).toBe('ZOOKEEPER-2590');
    expect(announcementOf(exists, { from: '3.9.2', to: '3.9.1' })).toBeUndefined();
  });

  test('only when it is the change that was announced', () => {
    const other = { ...exists, after: 'NONODE' };
    expect(announcementOf(other, { from: '3.8.3', to: '3.8.4' })).toBeUndefined();
  });
});
