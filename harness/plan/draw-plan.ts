import type { Random } from '../base/random.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Anchor, Plan } from './plan.ts';

/** Makes every draw a scenario leaves open. The same scenario and seed give the same plan, whatever the clients do. */
export function drawPlan(scenario: Scenario, random: Random): Plan {
  const faults = random.fork('faults');
  return {
    seed: random.seed,
    steps: scenario.steps.map((step, index) => ({
      index,
      when: settled(step.when, faults),
      faults: step.faults,
      forMs: step.forMs,
      gate: step.gate,
      draw: faults.int(0, 0x7fffffff),
    })),
  };
}

function settled(anchor: Anchor, random: Random): Anchor {
  if (!('afterMs' in anchor)) return anchor;
  return { afterMs: anchor.afterMs + random.int(0, anchor.jitterMs), jitterMs: 0 };
}
