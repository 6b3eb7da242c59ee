import { findNamed } from '../harness/base/find-named.ts';
import type { Suite } from '../harness/scenario/scenario.ts';
import { clients } from './clients.suite.ts';
import { conformance } from './conformance.suite.ts';
import { demoRecipes } from './demo-recipes.suite.ts';
import { demoViolation } from './demo-violation.suite.ts';
import { kafka } from './kafka.suite.ts';
import { quick } from './quick.suite.ts';
import { resilience } from './resilience.suite.ts';

/** Every suite that comes with the harness, in the order `gauntlet list suites` prints them. */
export const suites: readonly Suite[] = [
  quick,
  resilience,
  conformance,
  clients,
  kafka,
  demoViolation,
  demoRecipes,
];

export const suiteNamed = (name: string): Suite =>
  findNamed(suites, name, { field: 'suite', kind: 'suite', orElse: ', or a .suite.ts or .yaml file' });
