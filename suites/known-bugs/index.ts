import { usage } from '../../harness/base/trouble.ts';
import { defineSuite } from '../../harness/scenario/define.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { kafka12948 } from './kafka-12948.ts';
import { kafka14845 } from './kafka-14845.ts';
import type { Recipe } from './recipe.ts';
import { zookeeper1319 } from './zookeeper-1319.ts';
import { zookeeper1419 } from './zookeeper-1419.ts';
import { zookeeper2033 } from './zookeeper-2033.ts';
import { zookeeper2164 } from './zookeeper-2164.ts';
import { zookeeper2213 } from './zookeeper-2213.ts';
import { zookeeper2247 } from './zookeeper-2247.ts';
import { zookeeper2325 } from './zookeeper-2325.ts';
import { zookeeper2332 } from './zookeeper-2332.ts';
import { zookeeper2623 } from './zookeeper-2623.ts';
import { zookeeper2845, zookeeper2845Kill } from './zookeeper-2845.ts';
import { zookeeper2960 } from './zookeeper-2960.ts';
import { zookeeper3496 } from './zookeeper-3496.ts';
import { zookeeper3526 } from './zookeeper-3526.ts';
import { zookeeper3756 } from './zookeeper-3756.ts';
import { zookeeper3829 } from './zookeeper-3829.ts';
import { zookeeper4306 } from './zookeeper-4306.ts';
import { zookeeper4643 } from './zookeeper-4643.ts';
import { zookeeper4882 } from './zookeeper-4882.ts';
import { zookeeper4925 } from './zookeeper-4925.ts';

/** Every bug that can be brought back, in the order `gauntlet repro --list` prints them. */
export const knownBugs: readonly Recipe[] = [
  zookeeper4925,
  zookeeper2845,
  zookeeper2845Kill,
  zookeeper2960,
  zookeeper2325,
  zookeeper2332,
  zookeeper4643,
  zookeeper4306,
  zookeeper2623,
  zookeeper3496,
  zookeeper2213,
  zookeeper3829,
  zookeeper2164,
  zookeeper2033,
  zookeeper3526,
  zookeeper1419,
  zookeeper1319,
  zookeeper3756,
  zookeeper2247,
  zookeeper4882,
  kafka12948,
  kafka14845,
];

export function recipeOf(word: string): Recipe {
  const recipe = knownBugs.find(({ id }) => id.toLowerCase() === word.toLowerCase());
  if (recipe) return recipe;
  throw usage(
    `repro ${word}`,
    'there is no recipe for it',
    `use one of ${knownBugs.map(({ id }) => id).join(', ')}`,
  );
}

/** A recipe on one release, `times` times; each is a scenario of its own with draws of its own. */
export function triesOf(recipe: Recipe, release: string, times: number): Scenario[] {
  const { id, breaks } = recipe;
  const name = (n: number) => `${id} on ${release}${times > 1 ? `, try ${n} of ${times}` : ''}`;
  const scenarios = Array.from({ length: times }, (_, i) => ({
    ...recipe.scenario(release),
    name: name(i + 1),
    about: breaks,
  }));
  return defineSuite({ name: id.toLowerCase(), scenarios }, id).scenarios;
}
