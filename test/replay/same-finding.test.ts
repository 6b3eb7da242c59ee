import { expect, test } from 'vitest';
import { findingLike, kindOf, kindsIn } from '../../harness/replay/same-finding.ts';
import type { Finding } from '../../harness/rule/verdict.ts';

const finding = (rule: string, title: string, severity: Finding['severity'] = 'violation'): Finding => ({
  ...{ rule, title, severity, words: '', atNs: 0 },
  ...{ ops: [], servers: [], zxids: [] },
});
const verdictOf = (...findings: Finding[]) => ({
  rules: [{ rule: 'any', verdict: 'violation' as const, relevant: 1, seen: '', findings }],
});

const lost = finding(
  'durability',
  'acknowledged write "c1-\\"4\\"" (session 7) of /gauntlet/bar0 at zxid 0x10000000c is missing on zk1, zk2 and zk3',
);

test('the same breach of other writes on other servers is of the same kind', () => {
  const other = finding(
    'durability',
    'acknowledged write "A" (session 12) of /x at zxid 0x200000001 is missing on zk2',
  );
  expect(kindOf(other)).toEqual(kindOf(lost));
  expect(kindOf(lost).what).toBe(
    'acknowledged write … (session N) of PATH at zxid ZXID is missing on SERVERS',
  );
});

test('another rule, or another breach by the same rule, is another kind', () => {
  expect(kindOf({ ...lost, rule: 'replicas-identical' })).not.toEqual(kindOf(lost));
  const stale = finding('durability', 'acknowledged delete (session 7) of /x at zxid 0x2 is undone on zk2');
  expect(kindOf(stale)).not.toEqual(kindOf(lost));
});

test('times and counts do not make a kind', () => {
  const held = (seconds: string) => kindOf(finding('progress', `no write was acknowledged for ${seconds} s`));
  expect(held('12.5')).toEqual(held('3'));
});

test('each kind counts once, and documented gaps are none', () => {
  const gap = finding('sync-reads', 'a read behind a sync shows zxid 0x1', 'gap');
  expect(kindsIn(verdictOf(lost, lost, gap))).toEqual([kindOf(lost)]);
});

test('the finding that returned is found among others', () => {
  const other = finding('progress', 'zk1 ended by itself (exit code 1)');
  expect(findingLike(verdictOf(other, lost), [kindOf(lost)])).toBe(lost);
  expect(findingLike(verdictOf(other), [kindOf(lost)])).toBeUndefined();
});
