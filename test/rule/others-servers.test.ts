import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { rulesOf } from '../../harness/rule/applicable.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import { progress } from '../../harness/rule/progress.ts';
import type { Evidence } from '../../harness/rule/rule.ts';
import { evidenceOf, simulate } from './simulated-ensemble.ts';

const foreign = {
  'server-logs': 'no logs',
  'server-processes': 'nobody knows who ran',
  'server-disks': 'no disks',
} satisfies Evidence['lacks'];

/** The same run somewhere else in the tree. */
function moved(ops: readonly Op[], root: string): Op[] {
  const text = <T extends string | null>(value: T) => value?.replaceAll('/gauntlet', root) as T;
  return ops.map((op) => ({ ...op, path: text(op.path), value: text(op.value), result: text(op.result) }));
}

const simulated = simulate(7);
const root = '/app/gauntlet-2026/1-attach';
const attached = (ops: readonly Op[]): Evidence => {
  const { transactions: _, ...evidence } = evidenceOf(simulated, moved(ops, root));
  const scenario = { ...evidence.scenario, powerOff: false };
  return { ...evidence, root, scenario, lacks: foreign };
};
const judged = (ops: readonly Op[]) => {
  const evidence = attached(ops.filter(({ phase }) => phase !== 'poweroff'));
  return judgeScenario(evidence, rulesOf(evidence.scenario));
};

test('the rules judge a tree anywhere, and say what they could not look at beside a pass', () => {
  const { verdict, reasons, untested, rules } = judged(simulated.ops);
  expect(reasons).toEqual([]);
  expect(verdict).toBe('pass');
  expect(untested).toContain('rules quorum-law and service-ends: nobody knows who ran');
  expect(untested?.join()).toMatch(/one-leader-per-epoch.*: no logs/);
  const durability = rules.find(({ rule }) => rule === 'durability')!;
  expect(durability.relevant).toBeGreaterThan(50);
  expect(rules.find(({ rule }) => rule === 'quorum-law')).toMatchObject({
    verdict: 'unsupported',
    reason: 'nobody knows who ran',
  });
});

test('a node that vanishes from a tree anywhere is still a violation', () => {
  const { ops } = simulated;
  const victim = ops.find(
    ({ kind, path, phase }) => kind === 'getData' && phase === 'final' && path.startsWith('/gauntlet/set/'),
  )!.path;
  const gone = ops.map((op): Op => {
    if (op.phase !== 'final') return op;
    if (op.path === victim)
      return { ...op, outcome: 'fail', error: -101, value: null, stat: null, result: null };
    return op;
  });
  const { verdict, reasons } = judged(gone);
  expect(verdict).toBe('violation');
  expect(reasons.join()).toContain(victim.replace('/gauntlet', root));
});

test('what others do beside the tree is not looked at', () => {
  const { ops } = simulated;
  const beside = ops.map(
    (op): Op => ({ ...op, path: `${op.path}x`, outcome: 'ok', session: op.session + 1000 }),
  );
  const before = judged(ops).rules.find(({ rule }) => rule === 'durability')!;
  const evidence = attached(ops.filter(({ phase }) => phase !== 'poweroff'));
  const others = moved(beside, '/elsewhere').map((op, i) => ({ ...op, xid: i }));
  const both = evidenceOf(
    simulated,
    [...moved(ops, root), ...others].filter(({ phase }) => phase !== 'poweroff'),
  );
  const judgement = judgeScenario({ ...evidence, history: both.history }, ['durability']).rules[0]!;
  expect(judgement.relevant).toBe(before.relevant);
});

test('a scenario whose rules all need what nobody knows is unsupported, never a pass', () => {
  const verdict = judgeScenario(attached(simulated.ops), ['quorum-law', 'one-leader-per-epoch']);
  expect(verdict.verdict).toBe('unsupported');
  expect(verdict.reasons).toHaveLength(2);
});

test('a silence of servers that others may have stopped is inconclusive, of our own a violation', () => {
  const quiet = simulate(3, { trouble: false });
  const late = 400e9;
  const stretched = quiet.ops.map((op, i): Op => {
    const shift = op.phase === 'workload' && i < quiet.ops.length / 2 ? 0 : late;
    return { ...op, invokedNs: op.invokedNs + shift, returnedNs: op.returnedNs + shift };
  });
  // Somebody asks in the silence, and is not answered.
  const asked = stretched.find(({ kind, phase }) => kind === 'setData' && phase === 'workload')!;
  const question: Op = {
    ...asked,
    outcome: 'unknown',
    error: -7,
    invokedNs: 200e9,
    returnedNs: 201e9,
    zxid: 0 as never,
  };
  const evidence = evidenceOf(quiet, [...stretched, question]);
  const journal = evidence.journal.map((entry) =>
    entry.kind === 'phase' && ['heal', 'final', 'power-off', 'done'].includes(entry.phase)
      ? { ...entry, atNs: entry.atNs + late }
      : entry,
  );
  const ours = progress.judge({ ...evidence, journal });
  expect(ours.findings[0]?.title).toMatch(/no write was acknowledged for/);
  const theirs = progress.judge({ ...evidence, journal, lacks: foreign });
  expect(theirs.findings).toEqual([]);
  expect(theirs.inconclusive).toMatch(/no write was acknowledged for .*nobody knows who ran/);
});

test('with lists of servers that differ, the four rules that count a quorum are not tested, and all others are', () => {
  const lacks = { 'one-membership': 'the lists differ' } satisfies Evidence['lacks'];
  const evidence = { ...evidenceOf(simulated, simulated.ops), lacks };
  const { verdict, rules } = judgeScenario(evidence, rulesOf(evidence.scenario));
  expect(verdict).toBe('pass');
  const untested = rules.filter(({ reason }) => reason === 'the lists differ').map(({ rule }) => rule);
  expect(untested).toEqual(['lawful-winner', 'quorum-law', 'leader-steps-down', 'service-ends']);
});
