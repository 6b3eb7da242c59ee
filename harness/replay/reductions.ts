import type { Scenario } from '../scenario/scenario.ts';
import { lessTime, lessWork, noPowerOff, plainServers } from './reduce/amounts.ts';
import { fewerServers } from './reduce/servers.ts';
import { fewerSteps, plainBeginning, smallerSteps } from './reduce/steps.ts';
import type { Reduction } from './shrink.ts';

/** All that can be taken away from a scenario: what saves the most time first. */
export const families: readonly ((scenario: Scenario) => Reduction<Scenario>[])[] = [
  fewerSteps,
  noPowerOff,
  fewerServers,
  smallerSteps,
  lessWork,
  lessTime,
  plainBeginning,
  plainServers,
];
