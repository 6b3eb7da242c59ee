import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { locks } from '../../harness/rule/locks.ts';
import { beginning, evidenceFor, row } from './hand.ts';

const folder = '/gauntlet/locks/l0';
const node = (number: number) => `${folder}/c-${String(number).padStart(10, '0')}`;
const tree = [
  beginning()[0]!,
  row('create', '/gauntlet/locks', 2),
  row('create', folder, 3),
  row('create', '/gauntlet/guarded', 4),
  row('create', '/gauntlet/guarded/l0', 5),
];
const connect = (session: number) => row('connect', '', 0, { session, value: 'c', result: `0${session}` });
const queue = (session: number, number: number, at: number) =>
  row('create', `${folder}/c-`, at, { session, flags: 3, result: node(number) });
const list = (session: number, at: number, ...numbers: number[]) =>
  row('getChildren', folder, at, {
    session,
    result: JSON.stringify(numbers.map((n) => node(n).slice(folder.length + 1))),
  });
const leave = (session: number, number: number, at: number) => row('delete', node(number), at, { session });
const guard = (session: number, at: number, token: number) =>
  row('setData', '/gauntlet/guarded/l0', at, { session, value: `${token} x` });

const judge = (...ops: Op[]) => locks.judge(evidenceFor([...tree, connect(1), connect(2), ...ops]));
const said = (...ops: Op[]) => judge(...ops).findings.map(({ severity, title }) => `${severity}: ${title}`);
const waiting = [queue(1, 0, 6), queue(2, 1, 7), list(1, 7, 0, 1), list(2, 7, 0, 1)];

test('one after the other is as it should be', () => {
  const done = judge(...waiting, guard(1, 8, 0), leave(1, 0, 9), list(2, 9, 1), guard(2, 10, 1));
  expect(done).toMatchObject({ relevant: 2, findings: [] });
  expect(done.seen).toBe('2 turns with a lock, 2 writes under one');
});

test('two holders at one zxid are a violation', () => {
  expect(said(...waiting, list(2, 8, 1), leave(1, 0, 9))).toEqual([
    `violation: ${folder} has two holders at zxid 0x100000008: ${node(0)} and ${node(1)}`,
  ]);
});

test('a write with an older token behind a newer one is a violation', () => {
  expect(said(...waiting, leave(1, 0, 8), list(2, 8, 1), guard(2, 9, 1), guard(1, 10, 0))).toEqual([
    'violation: /gauntlet/guarded/l0 was written with token 0 at zxid 0x10000000a, behind token 1',
  ]);
});

test('two holders by the clock alone are a hazard of the recipe, not a violation', () => {
  // The servers ended session 1 (zxid 8); it still reads from a server that does not know, and learns of its end last.
  const stale = row('getData', '/gauntlet/guarded/l0', 7, { session: 1 });
  const told = row('expired', '', 0, { session: 1 });
  const found = said(...waiting, list(2, 9, 1), guard(2, 10, 1), stale, told);
  expect(found).toEqual([
    expect.stringMatching(/^gap: two clients believed to hold \/gauntlet\/locks\/l0 from /),
  ]);
});

test('lists of others make nobody a holder', () => {
  expect(judge(queue(1, 0, 6), list(2, 6, 0))).toMatchObject({ relevant: 0, findings: [] });
});
