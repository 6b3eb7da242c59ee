import { expect, test } from 'vitest';
import { type Op, zxidOf } from '../../harness/history/op.ts';
import { ephemerals } from '../../harness/rule/ephemerals.ts';
import { evidenceFor, row, statOf } from './hand.ts';

const path = '/gauntlet/e';
const root = row('create', '/gauntlet', 1);
/** ZooKeeper's mode 1 is EPHEMERAL. The session's timeout stands in the version of its connect. */
const connect = row('connect', '', 0, { session: 2, result: '0000000000000abc', version: 4 });
const made = row('create', path, 2, { session: 2, flags: 1 });
const close = (at: number) => row('close', '', at, { session: 2 });
const expired = row('expired', '', 0, { session: 2 });
const owned = (more = {}) => ({ stat: statOf(2, 2, 0, '', { ephemeralOwner: 'abc', ...more }) });
const shows = (at: number, server = 1, more: Partial<Op> = {}) =>
  row('exists', path, at, { ...owned(), phase: 'final', session: 9, server, ...more });
const trees = (at: number) =>
  [1, 2, 3].map((server) =>
    row('exists', '/gauntlet', at, { phase: 'final', session: 9, server, stat: statOf(1, 1, 0, '') }),
  );

function judge(...ops: Op[]) {
  const evidence = evidenceFor([root, connect, made, ...ops]);
  return ephemerals.judge({ ...evidence, scenario: { ...evidence.scenario, powerOff: false } });
}
const titles = (...ops: Op[]) => judge(...ops).findings.map(({ title }) => title);
/** What linearizable-writes says of the same reads is told as the end of an ephemeral, too. */
const survivors = (...ops: Op[]) => titles(...ops).filter((title) => title.includes('outlived'));
const outlived = (servers: string) => [`ephemeral ${path} outlived session 2 on ${servers}`];
/** Each operation takes a millisecond: the timeout of 4 ms counts twice. */
const wait = (operations: number) =>
  Array.from({ length: operations }, () =>
    row('exists', '/gauntlet', 3, { stat: statOf(1, 1, 0, ''), session: 9 }),
  );

test('an ephemeral that is there while its session lives is as it should be', () => {
  expect(judge(shows(3), ...trees(3))).toEqual({
    ...{ relevant: 1, seen: '1 ephemeral of 1 session, 0 of them ended', findings: [] },
  });
});

test('it is gone from the zxid of the close on, and not before', () => {
  expect(survivors(close(5), shows(4), ...trees(6))).toEqual([]);
  expect(survivors(close(5), shows(5), ...trees(6))).toEqual(outlived('zk1'));
  const { seen, findings } = judge(close(5), shows(6), shows(7, 2), shows(8, 2), ...trees(9));
  expect(seen).toContain('1 ephemeral of 1 session, 1 of them ended');
  const found = findings.find(({ title }) => title === outlived('zk1 and zk2')[0]);
  expect(found!.servers).toEqual([1, 2]);
  expect(found!.words).toContain('Session 2 (abc) was closed at zxid 0x100000005');
});

test('it is gone twice its timeout after the session expired, and may be there until then', () => {
  expect(survivors(expired, ...wait(7), shows(6), ...trees(6))).toEqual([]);
  expect(survivors(expired, ...wait(9), shows(6), ...trees(6))).toEqual(outlived('zk1'));
  const { findings } = judge(expired, ...wait(9), shows(6), ...trees(6));
  expect(findings.map(({ words }) => words).join()).toContain('Session 2 (abc) had expired');
});

test('a leader that follows starts the timeout of an expired session anew, unless the one before had time to end it', () => {
  const later = (counter: number) => ({ zxid: zxidOf(2, counter) });
  const still = { ...shows(1), ...later(1) };
  expect(survivors(expired, ...wait(9), still, ...trees(6))).toEqual([]);
  expect(survivors(expired, ...wait(9), still, ...wait(9), still, ...trees(6))).toEqual(outlived('zk1'));
  const elsewhere = row('setData', '/gauntlet', 7, { session: 9 });
  expect(survivors(expired, ...wait(7), elsewhere, still, ...trees(6))).toEqual([]);
  expect(survivors(expired, ...wait(9), elsewhere, still, ...trees(6))).toEqual(outlived('zk1'));
});

test('nodes without an owner, or with one nobody knows, are none of its business', () => {
  const other = (ephemeralOwner: string) => shows(6, 1, owned({ ephemeralOwner }));
  expect(survivors(close(5), other('0'), ...trees(6))).toEqual([]);
  expect(survivors(close(5), other('def'), ...trees(6))).toEqual([]);
});

test('one that vanishes while its session lives was deleted by nobody', () => {
  const gone = row('exists', path, 4, { outcome: 'fail', error: -101, session: 9 });
  const alive = row('create', '/gauntlet/x', 6, { session: 2 });
  expect(titles(gone, alive, ...trees(6))).toEqual([
    `ephemeral ${path} is not there on zk1 at zxid 0x100000004`,
  ]);
  expect(titles(row('delete', path, 3, { session: 9 }), gone, alive, ...trees(6))).toEqual([]);
});

test('a server that was not read at the end may still hold it', () => {
  expect(judge(close(5), ...trees(6).slice(1))).toMatchObject({
    inconclusive: 'zk1 was not read in phase "final": what it holds is not known',
  });
});
