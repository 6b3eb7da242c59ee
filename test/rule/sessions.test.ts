import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { sessions } from '../../harness/rule/sessions.ts';
import { beginning, evidenceFor, read, row } from './hand.ts';

const connect = row('connect', '', 0, { session: 2, value: 'c', result: '02' });
const close = row('close', '', 5, { session: 2 });
const expired = row('expired', '', 0, { session: 2 });
const own = (at: number) => read(at, 2, 0, 'a', { session: 2 });
const judge = (...ops: Op[]) => sessions.judge(evidenceFor([...beginning(), connect, ...ops]));

test('a session that ends and is heard of no more is as it should be', () => {
  expect(judge(own(3), close)).toMatchObject({
    relevant: 1,
    seen: '2 sessions, 1 closed and 0 expired',
    findings: [],
  });
  expect(judge(own(3), expired)).toMatchObject({ relevant: 1, findings: [] });
});

test('no answer comes from behind the close', () => {
  expect(judge(own(7), close).findings.map(({ title }) => title)).toEqual([
    'session 2 was served after its end',
  ]);
  expect(judge(close, own(5)).findings).toHaveLength(1);
});

test('an expired session is not taken up again', () => {
  expect(judge(expired, connect).findings).toHaveLength(1);
  expect(judge(expired, own(3)).findings).toHaveLength(1);
  expect(judge(expired, { ...connect, outcome: 'fail', error: -112 }).findings).toEqual([]);
});

test('without the end of any session there is nothing to judge', () => {
  expect(judge(own(3)).relevant).toBe(0);
});
