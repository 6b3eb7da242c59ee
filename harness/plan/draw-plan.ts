import { type Random, randomFrom } from '../base/random.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Anchor, type Anchors, anchorsOf, type Plan, type PlannedStep, type Step } from './plan.ts';

/**
 * Makes every draw a scenario leaves open. The same scenario and seed give the same plan, whatever the clients do; a
 * scenario with a seed of its own gives the same whatever the run's.
 */
export function drawPlan(scenario: Scenario, runs: Random): Plan {
  const random = scenario.seed === undefined ? runs.fork(scenario.name) : randomFrom(scenario.seed);
  const faults = random.fork('faults');
  const drawn = (step: Step, index: number): PlannedStep => ({
    ...step,
    index,
    when: settled(step.when, faults),
    ...(step.until && { until: settled(step.until, faults) }),
    draw: faults.int(0, 0x7fffffff),
  });
  const formation = (scenario.formation ?? []).map(drawn);
  return {
    seed: random.seed,
    ...(formation.length > 0 && { formation }),
    steps: scenario.steps.map((step, i) => drawn(step, formation.length + i)),
  };
}

function settled(anchors: Anchors, random: Random): Anchors {
  const all = anchorsOf(anchors).map((anchor) => drawnAnchor(anchor, random));
  return Array.isArray(anchors) ? all : all[0]!;
}

function drawnAnchor(anchor: Anchor, random: Random): Anchor {
  if (!('afterMs' in anchor)) return anchor;
  return { afterMs: anchor.afterMs + random.int(0, anchor.jitterMs), jitterMs: 0 };
}
