import { describe, expect, test } from 'vitest';
import { rulesOf } from '../../../harness/rule/applicable.ts';
import { ruleNamed } from '../../../harness/rule/catalogue.ts';
import { resolveTopology } from '../../../harness/topology/resolve.ts';
import { checkVersion } from '../../../harness/topology/version.ts';
import { knownBugs, recipeOf, triesOf } from '../../../suites/known-bugs/index.ts';

describe.each(knownBugs.map((recipe) => [recipe.id, recipe] as const))('%s', (_, recipe) => {
  test.each([recipe.bad, recipe.healthy ?? recipe.bad])(
    'is a scenario on %s, the same each time',
    (release) => {
      checkVersion(release, recipe.id);
      const tries = triesOf(recipe, release, 2);
      const [one, other] = tries.map(({ name, ...scenario }) => scenario);
      expect(one).toEqual(other);
      expect(new Set(tries.map(({ name }) => name)).size).toBe(2);
      for (const { topology } of tries) resolveTopology(topology, release);
    },
  );

  test('is judged by the general rules, of which those that must catch it are some', () => {
    const [scenario] = triesOf(recipe, recipe.bad, 1);
    expect(scenario!.rules).toBeUndefined();
    expect(recipe.caughtBy.length).toBeGreaterThan(0);
    for (const rule of recipe.caughtBy) {
      ruleNamed(rule, recipe.id);
      expect(rulesOf(scenario!)).toContain(rule);
    }
  });

  test('has two releases to tell apart', () => expect(recipe.bad).not.toBe(recipe.healthy));
});

test('every recipe has a name of its own, and is found by it in any case', () => {
  expect(new Set(knownBugs.map(({ id }) => id)).size).toBe(knownBugs.length);
  expect(recipeOf('zookeeper-4925').id).toBe('ZOOKEEPER-4925');
  expect(() => recipeOf('ZOOKEEPER-1')).toThrow(/there is no recipe for it; use one of ZOOKEEPER/);
});
