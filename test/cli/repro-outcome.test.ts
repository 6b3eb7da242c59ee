import { expect, test } from 'vitest';
import { isReproduced, shownBy, standingOf, type Try, trackRecord } from '../../harness/cli/repro-outcome.ts';
import type { Finding, Verdict } from '../../harness/rule/verdict.ts';

const recipe = {
  id: 'ZOOKEEPER-1',
  breaks: 'a write is lost',
  bad: '3.9.3',
  healthy: '3.9.5',
  caughtBy: ['durability'],
};

const finding = (rule: string, severity: Finding['severity']): Finding => ({
  rule,
  severity,
  title: 'lost',
  words: '',
  atNs: 1,
  ops: [],
  servers: [],
  zxids: [],
});

function tried(release: string, verdict: Verdict, found?: Finding): Try {
  const rules = found
    ? [{ rule: found.rule, verdict: 'violation' as const, relevant: 1, seen: '', findings: [found] }]
    : [];
  return { recipe, release, seconds: 7, slug: '1', verdict: { scenario: 'x', verdict, reasons: [], rules } };
}
const hit = (release: string) => tried(release, 'violation', finding('durability', 'violation'));

test('a try is a hit only when a rule that must catch the bug found a breach', () => {
  expect(shownBy(hit('3.9.3'))).toBe('hit');
  expect(shownBy(tried('3.9.3', 'pass', finding('durability', 'gap')))).toBe('clean');
  expect(shownBy(tried('3.9.3', 'violation', finding('progress', 'violation')))).toBe('red');
  expect(shownBy(tried('3.9.3', 'invalid'))).toBe('nothing');
});

test('a bug is reproduced when it was hit, and its control, if any, was always clean', () => {
  const of = (...tries: Try[]) => isReproduced(standingOf(recipe, tries));
  expect(of(hit('3.9.3'), tried('3.9.3', 'pass'))).toBe(true);
  expect(of(tried('3.9.3', 'pass'))).toBe(false);
  expect(of(hit('3.9.3'), tried('3.9.5', 'pass'))).toBe(true);
  expect(of(hit('3.9.3'), hit('3.9.5'))).toBe(false);
  expect(of(hit('3.9.3'), tried('3.9.5', 'invalid'))).toBe(false);
});

test('the track record has the figures of all tries, and the rules that found the bug', () => {
  const tries = [hit('3.9.3'), tried('3.9.3', 'pass'), tried('3.9.5', 'pass')];
  expect(trackRecord([standingOf(recipe, tries)], { command: 'gauntlet repro', where: 'here' })).toContain(
    '| ZOOKEEPER-1 | a write is lost | 3.9.3: 1/2 | 3.9.5: 1/1 | 7 | durability |',
  );
});

test('a bug that no release is without has no control, and is reproduced by a hit alone', () => {
  const { healthy: _, ...open } = recipe;
  const standing = standingOf(open, [{ ...hit('3.9.3'), recipe: open }]);
  expect(standing).toMatchObject({ hits: 1, controls: 0 });
  expect(isReproduced(standing)).toBe(true);
  expect(trackRecord([standing], { command: 'gauntlet repro', where: 'here' })).toContain(
    '| 3.9.3: 1/1 | no release is without it | 7 | durability |',
  );
});
