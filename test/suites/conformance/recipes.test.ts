import { expect, test } from 'vitest';
import { defineSuite } from '../../../harness/scenario/define.ts';
import { claimsOf } from '../../../suites/conformance/claims.ts';
import { recipeAndNodeScenarios } from '../../../suites/conformance/recipes.ts';
import { demoRecipes } from '../../../suites/demo-recipes.suite.ts';

const { scenarios } = defineSuite({ name: 'recipes', scenarios: [...recipeAndNodeScenarios] });

test('kinds of nodes, sizes and recipes are put to the test by scenarios that can be played', () => {
  expect(claimsOf(scenarios).map(({ id }) => id)).toEqual(['C19', 'C21', 'C22']);
});

test('every recipe that is played right is also shown wrong', () => {
  const played = (list: typeof scenarios) => [...new Set(list.map(({ workload }) => workload.use))];
  const recipes = scenarios.filter(({ tags }) => tags.includes('C22'));
  expect(played(demoRecipes.scenarios)).toEqual(played(recipes));
});
