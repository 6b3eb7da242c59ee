import { describe, expect, test } from 'vitest';
import type { Op, Zxid } from '../../harness/history/op.ts';
import { ruleNamed, rules } from '../../harness/rule/catalogue.ts';
import { playedIn } from './mutation/recipes.ts';
import { type Played, plays } from './recipe-history.ts';
import { evidenceOf, simulate } from './simulated-ensemble.ts';

const quiet = simulate(1, { trouble: false, events: 60 });

describe('a recipe played by its law', () => {
  test.each(Object.keys(plays) as Played[])('%s: no rule about clients says a word', (played) => {
    const run = playedIn(quiet, played, plays[played]().ops);
    const evidence = evidenceOf(run, run.ops);
    const own = ruleNamed(played).judge(evidence);
    expect(own.relevant).toBeGreaterThan(0);
    expect(own.inconclusive).toBeUndefined();
    const alarms = rules
      .filter(({ needs }) => !needs?.includes('server-disks'))
      .flatMap((rule) => rule.judge(evidence).findings)
      .map(({ rule, title }) => `${rule}: ${title}`);
    expect(alarms).toEqual([]);
  });
});

test('an answer lost on the way makes no breach', () => {
  const lost = { outcome: 'unknown', error: -4, zxid: 0 as Zxid, result: null } as const;
  for (const played of ['latch', 'barrier', 'queue', 'config', 'members', 'naming', 'balance'] as const) {
    const { ops } = plays[played]();
    const workload = ops.filter(({ kind }) => kind === 'create' || kind === 'setData' || kind === 'delete');
    for (const op of workload) {
      const changed = ops.map((each) => (each === op ? { ...each, ...lost } : each));
      const run = playedIn(quiet, played, changed);
      const said = ruleNamed(played).judge(evidenceOf(run, run.ops)).findings;
      expect(
        said.map(({ title }) => title),
        `${played} without the answer of ${op.kind} ${op.path}`,
      ).toEqual([]);
    }
  }
});

test('servers may differ in what the leader deletes while they are read', () => {
  const mark = { kind: 'create', outcome: 'ok', flags: 5, value: '0' } as const;
  const at = quiet.ops.findIndex(({ phase }) => phase === 'workload');
  expect(at).toBeGreaterThan(0);
  const differing = (mode: number) => {
    const path = '/gauntlet/set/brief';
    const ops = structuredClone(quiet.ops).map((op): Op => {
      if (op.phase !== 'final' || op.server !== 1 || op.path !== '/gauntlet/set') return op;
      const names = op.result === null ? null : JSON.stringify([...JSON.parse(op.result), 'brief']);
      return { ...op, result: names, stat: op.stat && { ...op.stat, numChildren: op.stat.numChildren + 1 } };
    });
    const before = ops[at - 1]!;
    ops.splice(at, 0, { ...before, ...mark, flags: mode, path, result: path });
    return ruleNamed('replicas-identical')
      .judge(evidenceOf(quiet, ops))
      .findings.map(({ title }) => title);
  };
  expect(differing(0)).not.toEqual([]);
  expect(differing(5)).toEqual([]);
});
