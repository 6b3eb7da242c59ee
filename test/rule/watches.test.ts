import { expect, test } from 'vitest';
import { flagBits, type Op, type Zxid } from '../../harness/history/op.ts';
import { watches } from '../../harness/rule/watches.ts';
import { beginning, evidenceFor, lost, read, register, row, wrote } from './hand.ts';

const flag = '/gauntlet/flag';
const watch = { flags: flagBits.watch, session: 2 };
const other = { session: 3 };
const event = (type: string, path: string, counter: number, more: Partial<Op> = {}) =>
  row('event', path, counter, { session: 2, value: type, ...more });
const connect = (session = 2) => row('connect', '', 0, { session, value: 'c', result: `0${session}` });
const absent = (counter: number, more: Partial<Op> = {}) =>
  row('exists', flag, counter, { outcome: 'fail', error: -101, ...more });
const made = (counter: number) => row('create', flag, counter, { ...other, value: '' });
const removed = (counter: number) => row('delete', flag, counter, other);
const sync = (counter: number) => row('sync', '/gauntlet', counter, { session: 2 });
const standing = (counter: number, mode: string, path = '/gauntlet') =>
  row('addWatch', path, counter, { session: 2, value: mode });

const judge = (...ops: Op[]) => watches.judge(evidenceFor([...beginning(), connect(), ...ops]));
const titles = (...ops: Op[]) => judge(...ops).findings.map(({ title }) => title);

test('a watch fires before the new data', () => {
  const set = read(2, 2, 0, 'a', watch);
  const change = wrote(3, 1, 'b', other);
  expect(titles(set, change, event('NodeDataChanged', register, 3), sync(3))).toEqual([]);
  expect(titles(set, change, sync(3), event('NodeDataChanged', register, 3))).toEqual([
    `session 2 saw a state behind the change of ${register} at zxid 0x100000003 before its watch had fired`,
  ]);
  expect(titles(set, change, sync(2))).toEqual([]);
});

test('a watch fires once, and again only when it was set again', () => {
  const set = (at: number, version: number, value: string) => read(at, at, version, value, watch);
  const fired = (at: number) => event('NodeDataChanged', register, at);
  const [one, two] = [wrote(3, 1, 'b', other), wrote(4, 2, 'c', other)];
  expect(titles(set(2, 0, 'a'), one, fired(3), set(3, 1, 'b'), two, fired(4))).toEqual([]);
  expect(titles(set(2, 0, 'a'), one, fired(3), two, fired(4))).toEqual([
    `session 2 was told NodeDataChanged of ${register} at zxid 0x100000004 without having a watch there`,
  ]);
});

test('between the event and the next watch changes pass unseen, which is by design', () => {
  expect(
    titles(
      read(2, 2, 0, 'a', watch),
      wrote(3, 1, 'b', other),
      event('NodeDataChanged', register, 3),
      wrote(4, 2, 'c', other),
      sync(4),
    ),
  ).toEqual([]);
});

test('a change that only a write without an answer can have made is believed, any other is not', () => {
  const fired = event('NodeDataChanged', register, 3);
  expect(
    titles(read(2, 2, 0, 'a', watch), lost('setData', register, { value: 'b', ...other }), fired),
  ).toEqual([]);
  expect(titles(read(2, 2, 0, 'a', watch), fired)).toEqual([
    `session 2 was told NodeDataChanged of ${register} at zxid 0x100000003, which did not happen`,
  ]);
});

test('a watch that had no answer may fire, and need not', () => {
  const asked = lost('getData', register, watch);
  expect(titles(asked, wrote(3, 1, 'b', other), event('NodeDataChanged', register, 3))).toEqual([]);
  expect(titles(asked, wrote(3, 1, 'b', other), sync(3))).toEqual([]);
});

test('after a reconnect one event without a zxid stands for all that happened', () => {
  const set = read(2, 2, 0, 'a', watch);
  const changes = [wrote(3, 1, 'b', other), wrote(4, 2, 'c', other)];
  expect(titles(set, ...changes, connect(), event('NodeDataChanged', register, 0), sync(4))).toEqual([]);
  expect(titles(set, ...changes, connect(), sync(4))).toHaveLength(1);
});

test('a node that came and went while the client was away leaves no event', () => {
  expect(titles(absent(2, watch), made(3), removed(4), connect(), sync(4))).toEqual([]);
  expect(titles(absent(2, watch), made(3), connect(), sync(3))).toHaveLength(1);
  expect(titles(absent(2, watch), made(3), removed(4), sync(4))).toHaveLength(1);
});

test('a watch for a node that came and went while the client was away is still there, over another reconnect too', () => {
  const came = event('NodeCreated', flag, 5);
  const away = [absent(2, watch), made(3), removed(4), connect(), sync(4)];
  expect(titles(...away, made(5), came, sync(5))).toEqual([]);
  expect(titles(...away, connect(), made(5), came, sync(5))).toEqual([]);
  expect(titles(...away, connect(), sync(4), made(5), sync(5))).toHaveLength(1);
});

test('a node that is gone may be told twice to a client that watched it in two ways', () => {
  const sets = [
    made(3),
    row('exists', flag, 3, { ...watch, stat: wrote(3, 0, '').stat }),
    row('getChildren', flag, 3, { ...watch, result: '[]' }),
  ];
  const gone = event('NodeDeleted', flag, 0);
  expect(titles(...sets, removed(4), connect(), gone, gone, sync(4))).toEqual([]);
  expect(titles(...sets, removed(4), connect(), gone, sync(4))).toEqual([]);
});

test('watches that stay fire for every change, but not for those while the client was away', () => {
  const changed = (at: number) => event('NodeDataChanged', register, at);
  const stays = standing(2, 'persistentRecursive');
  const changes = [wrote(3, 1, 'b', other), wrote(4, 2, 'c', other)];
  expect(titles(stays, changes[0]!, changed(3), changes[1]!, changed(4), sync(4))).toEqual([]);
  expect(titles(stays, ...changes, changed(3), sync(4))).toHaveLength(1);
  expect(titles(stays, ...changes, connect(), sync(4))).toEqual([]);
  expect(titles(stays, changes[0]!, changed(3), changed(3))).toEqual([
    `session 2 was told NodeDataChanged of ${register} at zxid 0x100000003 twice`,
  ]);
});

test('a persistent watch hears of children, a recursive one of the nodes themselves', () => {
  const child = [event('NodeCreated', flag, 3), event('NodeChildrenChanged', '/gauntlet', 3)] as const;
  expect(titles(standing(2, 'persistent'), made(3), child[1], sync(3))).toEqual([]);
  expect(titles(standing(2, 'persistentRecursive'), made(3), child[0], sync(3))).toEqual([]);
  expect(titles(standing(2, 'persistent'), made(3), child[0], child[1])).toHaveLength(1);
});

test('removed watches fire no more', () => {
  const remove = row('removeWatches', register, 2, { session: 2, value: 'any' });
  const change = wrote(3, 1, 'b', other);
  expect(titles(read(2, 2, 0, 'a', watch), remove, change, sync(3))).toEqual([]);
  expect(
    titles(read(2, 2, 0, 'a', watch), remove, change, event('NodeDataChanged', register, 3)),
  ).toHaveLength(1);
});

test('servers before 3.9 tell no zxid, and order and count are judged all the same', () => {
  const set = read(2, 2, 0, 'a', watch);
  const change = wrote(3, 1, 'b', other);
  const fired = { ...event('NodeDataChanged', register, 0), zxid: 0 as Zxid };
  expect(titles(set, change, fired, sync(3))).toEqual([]);
  expect(titles(set, change, sync(3), fired)).toHaveLength(1);
  expect(titles(set, fired)).toHaveLength(1);
});

test('what lies outside the tree of the workload is none of its business', () => {
  expect(
    judge(row('getData', '/zookeeper/config', 2, watch), event('NodeDataChanged', '/zookeeper/config', 9)),
  ).toMatchObject({ relevant: 0, findings: [] });
});
