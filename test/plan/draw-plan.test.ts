import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { drawPlan } from '../../harness/plan/draw-plan.ts';
import { scenarioSchema } from '../../harness/scenario/scenario.ts';

const scenario = scenarioSchema.parse({
  name: 'two kills',
  steps: [
    { when: { afterMs: 100, jitterMs: 900 }, faults: [{ fault: 'kill', target: 'follower' }] },
    { when: { acked: 50 }, faults: [{ fault: 'kill', target: 'any' }] },
  ],
});

test('the same seed gives the same plan', () => {
  expect(drawPlan(scenario, randomFrom(7))).toEqual(drawPlan(scenario, randomFrom(7)));
});

test('another seed gives another plan', () => {
  expect(drawPlan(scenario, randomFrom(7)).steps).not.toEqual(drawPlan(scenario, randomFrom(8)).steps);
});

test('clients may draw what they like without moving a fault', () => {
  const random = randomFrom(7);
  random.fork('clients').int(0, 1000);
  expect(drawPlan(scenario, random)).toEqual(drawPlan(scenario, randomFrom(7)));
});

test('jitter is drawn inside its bounds and other anchors are kept', () => {
  for (let seed = 0; seed < 50; seed++) {
    const [first, second] = drawPlan(scenario, randomFrom(seed)).steps;
    const { afterMs } = first!.when as { afterMs: number };
    expect(afterMs).toBeGreaterThanOrEqual(100);
    expect(afterMs).toBeLessThanOrEqual(1000);
    expect(second!.when).toEqual({ acked: 50 });
  }
});

test('a scenario with a seed of its own has the same plan in every run and under every name', () => {
  const own = { ...scenario, seed: 5 };
  const plan = drawPlan(own, randomFrom(7));
  expect(drawPlan({ ...own, name: 'another' }, randomFrom(8))).toEqual(plan);
  expect(plan.seed).toBe(5);
});

test('of several anchors each is drawn, and a time to hold is, too', () => {
  const steps = [
    { when: [{ acked: 5 }, { afterMs: 0, jitterMs: 900 }], until: { afterMs: 100, jitterMs: 1 } },
  ];
  const [step] = drawPlan(scenarioSchema.parse({ name: 'x', steps }), randomFrom(7)).steps;
  expect(step!.when).toEqual([{ acked: 5 }, { afterMs: expect.any(Number), jitterMs: 0 }]);
  expect(step!.until).toMatchObject({ jitterMs: 0 });
});
