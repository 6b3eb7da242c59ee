import { expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import { rulesOf } from '../../harness/rule/applicable.ts';
import { ruleNamed } from '../../harness/rule/catalogue.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import { evidenceOf, simulate } from './simulated-ensemble.ts';

const run = simulate(3, { events: 400 });
const evidence = evidenceOf(run, run.ops);
const names = rulesOf(evidence.scenario);

test('a sound run passes, and every rule says what it saw', () => {
  const verdict = judgeScenario(evidence, names);
  expect(verdict).toMatchObject({ verdict: 'pass', reasons: [], scenario: 'simulated' });
  for (const { relevant, seen } of verdict.rules) {
    expect(relevant).toBeGreaterThan(0);
    expect(seen).not.toBe('');
  }
});

test('an empty history is no pass for any rule that looks at clients', () => {
  const { verdict, rules: results } = judgeScenario(evidenceOf(run, []), names);
  expect(verdict).not.toBe('pass');
  const passed = results.filter((result) => result.verdict === 'pass').map(({ rule }) => rule);
  expect(passed.sort()).toEqual([
    'epochs-on-disk',
    'faults-landed',
    'lawful-winner',
    'leader-steps-down',
    'logs-agree',
    'one-leader-per-epoch',
  ]);
});

test('a torn history is invalid although every rule passes', () => {
  const torn = { ...evidence, history: historyOf(run.ops, { torn: true }) };
  const { verdict, reasons } = judgeScenario(torn, names);
  expect(verdict).toBe('invalid');
  expect(reasons).toEqual([expect.stringContaining('has no end')]);
});

test('a rule that fails is invalid and named, and the others still speak', () => {
  const broken = { ...evidence, ledger: null as never };
  const {
    verdict,
    reasons,
    rules: results,
  } = judgeScenario(broken, ['one-leader-per-epoch', 'session-order']);
  expect(verdict).toBe('invalid');
  expect(reasons[0]).toMatch(/^one-leader-per-epoch: the rule itself failed: /);
  expect(results[1]).toMatchObject({ rule: 'session-order', verdict: 'pass' });
});

test('no rules is no verdict', () => {
  expect(judgeScenario(evidence, [])).toMatchObject({
    verdict: 'invalid',
    reasons: [expect.stringContaining('no rule')],
  });
});

test('an unknown rule is named with those there are', () => {
  expect(() => ruleNamed('linearisable', 'scenarios[0].rules[1]')).toThrow(
    /scenarios\[0\]\.rules\[1\] "linearisable": there is no such rule; use one of linearizable-writes, session-order/,
  );
});

test('at most twenty findings are written out, and the rest is counted', () => {
  const ops = run.ops.map((op) =>
    op.phase === 'final' && op.server === 2 && op.stat ? { ...op, stat: { ...op.stat, aversion: 1 } } : op,
  );
  const [result] = judgeScenario(evidenceOf(run, ops), ['replicas-identical']).rules;
  expect(result!.findings).toHaveLength(20);
  expect(result!.seen).toMatch(/; \d+ breaches, the first 20 are shown$/);
});

test('a breach outweighs what is missing', () => {
  const ops = run.ops
    .filter((op) => op.phase !== 'poweroff')
    .map((op) =>
      op.phase === 'final' && op.server === 2 && op.kind === 'getData' ? { ...op, value: 'other' } : op,
    );
  const [result] = judgeScenario(evidenceOf(run, ops), ['replicas-identical']).rules;
  expect(result!.verdict).toBe('violation');
  expect(result!.reason).toContain('zk1 was not read in phase "poweroff"');
});
