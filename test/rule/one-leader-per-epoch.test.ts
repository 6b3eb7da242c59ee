import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { zxidOf } from '../../harness/history/op.ts';
import type { Reign } from '../../harness/ledger/ledger.ts';
import { oneLeaderPerEpoch } from '../../harness/rule/one-leader-per-epoch.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { beginning, evidenceFor, wrote } from './hand.ts';

const reign = (epoch: number, leader: number, atS: number, more: Partial<Reign> = {}): Reign => ({
  ...{ epoch, leader, establishedNs: atS * 1e9, supporters: [1, 2] },
  ...more,
});

function judge(
  reigns: Reign[],
  { ops = beginning(), unread = [] as number[], voters = 3, observers = 0 } = {},
) {
  const evidence = evidenceFor(ops);
  const understood = Object.fromEntries([1, 2, 3].map((sid) => [sid, unread.includes(sid) ? 0 : 9]));
  const topology = resolveTopology({ voters, observers } as never, '3.9.5');
  return oneLeaderPerEpoch.judge({
    ...evidence,
    topology,
    ledger: { ...evidence.ledger, reigns, understood },
  });
}
const titles = (...reigns: Reign[]) => judge(reigns).findings.map(({ title }) => title);
const sampled = { sampled: true as const };

test('epochs that rise are as they should be, in whichever order they were found', () => {
  expect(judge([reign(2, 2, 9), reign(1, 1, 0)])).toEqual({
    ...{ relevant: 2, seen: '2 reigns of 2 servers', findings: [] },
  });
});

test('an epoch has one leader, and the same server may not win it twice', () => {
  expect(titles(reign(1, 1, 0), reign(2, 2, 5), reign(2, 3, 9))).toEqual([
    'epoch 2 has two established leaders: zk2 and zk3',
  ]);
  expect(titles(reign(1, 1, 0), reign(1, 1, 5))).toEqual([
    'epoch 1 has two established leaders: zk1 and zk1',
  ]);
});

test('a reign that was only sampled may be the one logged, by the same server alone', () => {
  expect(titles(reign(1, 1, 0), reign(1, 1, 5, sampled))).toEqual([]);
  expect(titles(reign(1, 1, 0, sampled), reign(1, 1, 5))).toEqual([]);
  expect(titles(reign(1, 1, 0), reign(1, 2, 5, sampled))).toHaveLength(1);
});

test('a later leader has a higher epoch, unless it was only sampled', () => {
  expect(titles(reign(1, 1, 0), reign(5, 2, 5), reign(3, 3, 9))).toEqual([
    'zk3 was established in epoch 3, after epoch 5 of zk2',
  ]);
  expect(titles(reign(1, 1, 0), reign(5, 2, 5), reign(3, 3, 9, sampled))).toEqual([]);
  expect(titles(reign(1, 1, 0), reign(5, 2, 5, sampled), reign(3, 3, 9))).toEqual([]);
});

const inEpoch = (epoch: number): Op => ({ ...wrote(3, 1, 'b'), zxid: zxidOf(epoch, 1) });

test('a write belongs to a reign, and those of one epoch are told once', () => {
  const ops = [...beginning(), inEpoch(7), { ...inEpoch(7), zxid: zxidOf(7, 2) }];
  const { findings } = judge([reign(1, 1, 0), reign(8, 1, 0)], { ops });
  expect(findings.map(({ title }) => title)).toEqual([
    '2 writes acknowledged in epoch 7, in which no leader was established',
  ]);
  expect(findings[0]).toMatchObject({ servers: [1], ops: [2] });
});

test('where a log was not understood a reign may be missing: nothing is said of writes, and the rule is undecided', () => {
  const ops = [...beginning(), inEpoch(7)];
  expect(judge([reign(1, 1, 0)], { ops, unread: [2, 3] })).toMatchObject({
    findings: [],
    relevant: 1,
    inconclusive: 'nothing in the log of zk2 and zk3 was understood, so a reign may be missing',
  });
  expect(judge([], { unread: [2] }).relevant).toBe(1);
  expect(judge([], { ops: [] }).relevant).toBe(0);
});

test('one standalone server elects nobody, and one voter with an observer does', () => {
  expect(judge([], { voters: 1 })).toMatchObject({ relevant: 1, findings: [] });
  expect(judge([], { voters: 1, observers: 1, ops: [] }).relevant).toBe(0);
});
