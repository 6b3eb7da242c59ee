import { expect, test } from 'vitest';
import { expectationSchema } from '../../harness/plan/expectation.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import { rulesOf } from '../../harness/rule/applicable.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { scenarioSchema } from '../../harness/scenario/scenario.ts';
import { evidenceFor } from './hand.ts';

const looked = (met: boolean): JournalEntry => ({
  atNs: 2e9,
  kind: 'expectation',
  step: 0,
  what: 'zk3 leads',
  met,
  seen: 'zk1 leader',
  tookMs: 1500,
});

function judged(expected: number, journal: JournalEntry[]) {
  const evidence = evidenceFor([]);
  const step = { index: 0, when: { afterMs: 0, jitterMs: 0 }, faults: [], forMs: 0, gate: false, draw: 1 };
  const plan: Plan = {
    seed: 1,
    formation: [
      { ...step, expect: Array.from({ length: expected }, () => expectationSchema.parse({ leader: 3 })) },
    ],
    steps: [],
  };
  return judgeScenario({ ...evidence, plan, journal }, ['expectations']);
}

test('what was expected and seen passes, and is told', () => {
  expect(judged(1, [looked(true)])).toMatchObject({
    verdict: 'pass',
    rules: [{ seen: '1 of 1 expectation seen: zk3 leads' }],
  });
});

test('what was looked for and not seen is a violation that says what was there instead', () => {
  const { verdict, rules } = judged(2, [looked(true), looked(false)]);
  expect(verdict).toBe('violation');
  expect(rules[0]?.findings).toHaveLength(1);
  expect(rules[0]?.findings[0]?.title).toBe('step 0: not seen that zk3 leads');
  expect(rules[0]?.findings[0]?.words).toContain('what was seen was: zk1 leader');
});

test('what was never looked for proves nothing', () => {
  expect(judged(2, [looked(true)]).verdict).toBe('inconclusive');
  expect(judged(0, []).verdict).toBe('invalid');
});

test('the rule applies where a step expects something, before or after there are clients', () => {
  const rules = (input: object) => rulesOf(scenarioSchema.parse({ name: 'one', ...input }));
  expect(rules({})).not.toContain('expectations');
  expect(rules({ formation: [{ expect: [{ leader: 1 }] }] })).toContain('expectations');
  expect(rules({ steps: [{ after: [{ leader: 1 }] }] })).toContain('expectations');
});
