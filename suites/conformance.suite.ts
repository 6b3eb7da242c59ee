import { defineSuite } from '../harness/scenario/define.ts';
import { configuration } from './conformance/configuration.ts';
import { data } from './conformance/data.ts';
import { elections } from './conformance/elections.ts';
import { ensembles } from './conformance/ensembles.ts';
import { recipeAndNodeScenarios } from './conformance/recipes.ts';

/** Every claim operators are taught, on real servers; which scenario proves which claim is told by its tags. */
export const conformance = defineSuite(
  {
    name: 'conformance',
    about: 'what guides teach about ZooKeeper, claim by claim: proven, or corrected, on real servers',
    scenarios: [...ensembles, ...configuration, ...elections, ...data, ...recipeAndNodeScenarios],
  },
  'conformance',
);
