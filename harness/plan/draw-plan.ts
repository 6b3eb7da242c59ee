import type { Random } from '../base/random.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Anchor, Plan, PlannedStep, Step } from './plan.ts';

/** Makes every draw a scenario leaves open. The same scenario and seed give the same plan, whatever the clients do. */
export function drawPlan(scenario: Scenario, random: Random): Plan {
  const faults = random.fork('faults');
  const drawn = (step: Step, index: number): PlannedStep => ({
    ...step,
    index,
    when: settled(step.when, faults),
    draw: faults.int(0, 0x7fffffff),
  });
  const formation = (scenario.formation ?? []).map(drawn);
  return {
    seed: random.seed,
    ...(formation.length > 0 && { formation }),
    steps: scenario.steps.map((step, i) => drawn(step, formation.length + i)),
  };
}

function settled(anchor: Anchor, random: Random): Anchor {
  if (!('afterMs' in anchor)) return anchor;
  return { afterMs: anchor.afterMs + random.int(0, anchor.jitterMs), jitterMs: 0 };
}
