import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { sessionOrder } from '../../harness/rule/session-order.ts';
import { beginning, evidenceFor, lost, read, register, row, wrote } from './hand.ts';

const judge = (...ops: Op[]) => sessionOrder.judge(evidenceFor([...beginning(), ...ops]));
const titles = (...ops: Op[]) => judge(...ops).findings.map(({ title }) => title);
const own = (at: number, server = 1) => read(at, 2, 0, 'a', { session: 2, server });
const ownWrite = (at: number) => wrote(at, 1, 'b', { session: 2 });

test('answers of one session may stand still or rise; pairs and changes of server are counted', () => {
  expect(judge(own(5), own(5, 2), own(7, 2), own(8, 1))).toEqual({
    relevant: 4,
    seen: '4 consecutive pairs of answers in 2 sessions, 2 changes of server',
    findings: [],
  });
});

test('an answer from an older state than any before is a breach, also behind others', () => {
  expect(titles(own(7), own(8, 2), own(7, 3))).toEqual([
    'session 2 went back from zxid 0x100000008 on zk2 to 0x100000007 on zk3',
  ]);
  expect(titles(own(8), own(5), own(6))).toHaveLength(2);
});

test('an update stands behind all that its session saw: the same place is too early', () => {
  expect(titles(own(7), ownWrite(8))).toEqual([]);
  expect(titles(own(7), ownWrite(7))).toHaveLength(1);
  expect(titles(ownWrite(7), own(7))).toEqual([]);
  const [finding] = judge(own(7), ownWrite(7)).findings;
  expect(finding!.words).toContain('An update must stand behind everything its session sent before it.');
  expect(judge(own(7), own(6)).findings[0]!.words).toContain(
    'A session must never see an older state than it has seen.',
  );
});

test('where sessions are local the end of one may be answered with the zxid before, and not with one before that', () => {
  const ends = (at: number) => [...beginning(), own(7), row('close', '', at, { session: 2 })];
  const judged = (at: number, localSessionsEnabled: string) => {
    const evidence = evidenceFor(ends(at));
    const topology = { ...evidence.topology, settings: { localSessionsEnabled } };
    return sessionOrder.judge({ ...evidence, topology }).findings.length;
  };
  expect([judged(7, 'true'), judged(6, 'true')]).toEqual([0, 1]);
  expect([judged(7, 'false'), judged(8, 'false')]).toEqual([1, 0]);
});

test('what shows no state is not compared', () => {
  expect(titles(own(7), row('event', register, 3, { session: 2 }), own(8))).toEqual([]);
  expect(titles(own(7), lost('getData', register, { session: 2 }), own(8))).toEqual([]);
});

const hidden = (value: string, session: number) => lost('setData', register, { value, session });
const sawAt = (at: number, version: number, value: string) => read(at, at, version, value, { session: 9 });

test('two writes of a session without answers were applied in the order sent', () => {
  expect(titles(hidden('x', 3), hidden('y', 3), sawAt(5, 1, 'x'), sawAt(6, 2, 'y'))).toEqual([]);
  expect(titles(hidden('x', 3), hidden('y', 3), sawAt(5, 1, 'y'), sawAt(6, 2, 'x'))).toEqual([
    'session 3 went back from zxid 0x100000006 on zk1 to 0x100000005 on zk1',
  ]);
  expect(titles(hidden('x', 3), hidden('y', 4), sawAt(5, 1, 'y'), sawAt(6, 2, 'x'))).toEqual([]);
});
