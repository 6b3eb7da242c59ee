import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../harness/rule/verdict.ts';
import { answerCodes, type Concern, decide, type Facts } from '../../../reports/upgrade/decide.ts';

const tried = (concern: Concern, verdict: Verdict) => ({
  name: `${concern} ${verdict}`,
  concern,
  verdict,
  reasons: verdict === 'pass' ? [] : [`${verdict} seen`],
});
const good: Facts = {
  tried: [tried('before', 'pass'), tried('way', 'pass')],
  surprises: 0,
  filtered: false,
};
const withOne = (concern: Concern, verdict: Verdict): Facts => ({
  ...good,
  tried: [...good.tried, tried(concern, verdict)],
});

describe('go or no-go', () => {
  test.each<[Concern, Verdict, string]>([
    ['way', 'pass', 'go'],
    ['way', 'budget', 'go'],
    ['way', 'violation', 'no-go'],
    ['way', 'invalid', 'invalid'],
    ['way', 'inconclusive', 'invalid'],
    ['way', 'unsupported', 'invalid'],
    ['before', 'pass', 'go'],
    ['before', 'budget', 'go'],
    ['before', 'violation', 'go'],
    ['before', 'invalid', 'go'],
    ['before', 'inconclusive', 'go'],
    ['before', 'unsupported', 'go'],
  ])('one scenario of "%s" that is %s makes it %s', (concern, verdict, answer) => {
    expect(decide(withOne(concern, verdict)).answer).toBe(answer);
  });

  test('what breaks on the old release alone is told', () => {
    const { told, blocking } = decide(withOne('before', 'violation'));
    expect(told).toEqual([{ text: 'violation seen', scenario: 'before violation' }]);
    expect(blocking).toEqual([]);
  });

  test('a breach decides, whatever else is unproven', () => {
    const { tried: all } = withOne('way', 'invalid');
    const both = {
      ...good,
      tried: [...all, tried('way', 'violation')],
      filtered: true,
      surprises: undefined,
    };
    expect(decide(both).answer).toBe('no-go');
    expect(decide(both).open.length).toBeGreaterThan(0);
  });

  test('a part of the scenarios never says go', () => {
    expect(decide({ ...good, filtered: true }).answer).toBe('invalid');
  });

  test('without the way there is no answer', () => {
    expect(decide({ ...good, tried: [tried('before', 'pass')] }).answer).toBe('invalid');
    expect(decide({ ...good, tried: [] }).answer).toBe('invalid');
  });

  test('answers that could not be compared leave it open, surprising ones are told', () => {
    expect(decide({ ...good, surprises: undefined }).answer).toBe('invalid');
    const surprised = decide({ ...good, surprises: 2 });
    expect(surprised.answer).toBe('go');
    expect(surprised.told[0]!.text).toMatch(/^2 calls are answered differently/);
  });

  test('each answer has an exit code of the command line', () => {
    expect(answerCodes).toEqual({ go: 0, 'no-go': 1, invalid: 3 });
  });
});
