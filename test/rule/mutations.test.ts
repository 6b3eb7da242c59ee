import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { rules } from '../../harness/rule/catalogue.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import { mutations } from './mutations.ts';
import { evidenceOf, type Simulated, simulate } from './simulated-ensemble.ts';

const names = rules.map(({ name }) => name).filter((name) => name !== 'expectations');
/** Enough for every mutation to find a place several times; every fifth without any trouble. */
const runs: Simulated[] = Array.from({ length: 60 }, (_, seed) =>
  simulate(seed, { clients: 1 + (seed % 6), events: 600, trouble: seed % 5 > 0 }),
);
const placesMin = 8;

test.each(mutations)('$name: caught by $caughtBy', ({ apply, caughtBy, verdict = 'violation' }) => {
  let places = 0;
  for (const [seed, run] of runs.entries()) {
    const changed = apply(run, randomFrom(seed));
    if (!changed) continue;
    places++;
    const judged = judgeScenario(evidenceOf(changed, changed.ops), names);
    const catchers = judged.rules.filter((result) => result.verdict === verdict).map(({ rule }) => rule);
    expect(catchers, `run ${seed}`).toEqual(expect.arrayContaining([...caughtBy]));
    expect(judged.verdict).not.toBe('pass');
  }
  expect(places).toBeGreaterThanOrEqual(placesMin);
});

test('every rule has a mutation that only it must catch', () => {
  const covered = new Set(mutations.flatMap(({ caughtBy }) => (caughtBy.length === 1 ? caughtBy : [])));
  expect([...covered].sort()).toEqual([...names].sort());
});
