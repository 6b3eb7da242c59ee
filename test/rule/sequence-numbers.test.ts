import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { sequenceNumbers } from '../../harness/rule/sequence-numbers.ts';
import { evidenceFor, lost, row } from './hand.ts';

const parent = '/gauntlet/queue';
const root = row('create', '/gauntlet', 1);
const made = (at = 2) => row('create', parent, at);
/** ZooKeeper's mode 2 is PERSISTENT_SEQUENTIAL. */
const sequential = (at: number, number: number) =>
  row('create', `${parent}/n-`, at, { flags: 2, result: `${parent}/n-${String(number).padStart(10, '0')}` });
const child = (at: number, name = 'c') => row('create', `${parent}/${name}`, at);
const unanswered = () => lost('create', `${parent}/n-`, { flags: 2, session: 2 });

const judge = (...ops: Op[]) => sequenceNumbers.judge(evidenceFor([root, ...ops]));
const told = (...ops: Op[]) =>
  judge(...ops).findings.map(({ title }) => title.replace(/^.*n-0*(\d+) \(zxid \w+\)/, '$1'));

test('numbers count every child ever created', () => {
  expect(
    judge(
      made(),
      sequential(3, 0),
      child(4),
      sequential(5, 2),
      row('delete', `${parent}/c`, 6),
      sequential(7, 3),
    ),
  ).toEqual({ relevant: 3, seen: '3 sequential nodes under 1 parent', findings: [] });
});

test('a number comes once, and they rise', () => {
  expect(told(made(), sequential(3, 0), sequential(4, 0))).toEqual(['0 repeats a number']);
  expect(told(made(), child(3), sequential(4, 1), sequential(5, 0))).toEqual(['0 comes after number 1']);
});

test('what is answered late is in the order of zxids all the same', () => {
  expect(told(made(), sequential(4, 1), sequential(3, 0))).toEqual([]);
});

test('a number that is too low forgets children', () => {
  expect(told(made(), child(3), sequential(4, 0))).toEqual([
    '0 has too low a number: 1 children came before it',
  ]);
});

test('a number may skip what creates without an answer account for, and no more', () => {
  expect(told(made(), unanswered(), sequential(5, 1))).toEqual([]);
  expect(told(made(), unanswered(), sequential(5, 2))).toEqual([
    '2 skips numbers: 0 children came before it, and lost writes account for at most 1 more',
  ]);
  expect(told(made(), sequential(5, 1))).toEqual([
    '1 skips numbers: 0 children came before it, and lost writes account for at most 0 more',
  ]);
});

test('what was skipped once stays skipped', () => {
  expect(told(made(), unanswered(), unanswered(), sequential(5, 1), sequential(6, 3))).toEqual([]);
  expect(told(made(), unanswered(), sequential(5, 1), child(6), sequential(7, 2))).toEqual([
    '2 has too low a number: 3 children came before it',
  ]);
});

test('the counter begins anew with the parent', () => {
  const gone = [row('delete', `${parent}/n-0000000000`, 4), row('delete', parent, 5)];
  expect(told(made(), sequential(3, 0), ...gone, made(6), sequential(7, 0), sequential(8, 1))).toEqual([]);
  expect(told(made(), sequential(3, 0), ...gone, made(6), sequential(7, 1))).toHaveLength(1);
});

test('below a parent older than the history numbers must only rise', () => {
  expect(told(sequential(3, 17), sequential(4, 30))).toEqual([]);
  expect(told(sequential(3, 17), sequential(4, 17))).toEqual(['17 repeats a number']);
});

test('each parent counts for itself, and its findings come in zxid order', () => {
  const elsewhere = (at: number, number: number) =>
    row('create', '/gauntlet/p/n-', at, {
      flags: 2,
      result: `/gauntlet/p/n-${String(number).padStart(10, '0')}`,
    });
  const ops = [made(), row('create', '/gauntlet/p', 3), sequential(4, 0), elsewhere(5, 0)];
  expect(told(...ops)).toEqual([]);
  expect(told(...ops, elsewhere(6, 0), sequential(7, 0), elsewhere(8, 0))).toHaveLength(3);
  const { findings } = judge(...ops, sequential(9, 0), elsewhere(6, 0));
  expect(findings.map(({ zxids }) => zxids)).toEqual([
    ['0x100000005', '0x100000006'],
    ['0x100000004', '0x100000009'],
  ]);
});

test('in one multi the parts count in turn', () => {
  const parts = [0, 1].map(() => ({ kind: 'create', path: `${parent}/n-`, mode: 2, value: null }));
  const multi = (...numbers: number[]) =>
    row('multi', '', 3, {
      value: JSON.stringify(parts),
      result: JSON.stringify(
        numbers.map((number) => ({
          kind: 'create',
          name: `${parent}/n-${String(number).padStart(10, '0')}`,
        })),
      ),
    });
  expect(judge(made(), multi(0, 1))).toMatchObject({ relevant: 2, findings: [] });
  expect(told(made(), multi(1, 0))).toHaveLength(2);
  expect(told(made(), multi(0, 2))).toEqual([
    '2 skips numbers: 1 children came before it, and lost writes account for at most 0 more',
  ]);
});
