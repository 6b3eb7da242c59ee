import { expect, test } from 'vitest';
import { randomFrom } from '../../../harness/base/random.ts';
import { rules } from '../../../harness/rule/catalogue.ts';
import { guards } from '../mutation/guards.ts';
import { saidBy } from '../mutation/said.ts';
import { mutations } from '../mutations.ts';
import { evidenceOf, type Simulated, simulate } from '../simulated-ensemble.ts';

/**
 * The tables of test/rule/mutation.test.ts made small: planted once, two places for each lie, and only the rules that
 * must name it are asked. Short runs come first; the long ones are for what finds no place in these.
 */
const placesMax = 2;
const lengths = [...new Array<number>(30).fill(220), ...new Array<number>(40).fill(600)];
const made: Simulated[] = [];
const runAt = (seed: number) => {
  made[seed] ??= simulate(seed, { clients: 1 + (seed % 6), events: lengths[seed]!, trouble: seed % 5 > 0 });
  return made[seed];
};

function planted({ apply }: Pick<(typeof mutations)[number], 'apply'>): Simulated[] {
  const found: Simulated[] = [];
  for (let seed = 0; seed < lengths.length && found.length < placesMax; seed++) {
    const changed = apply(runAt(seed), randomFrom(seed));
    if (changed) found.push(changed);
  }
  return found;
}

for (const lie of mutations) {
  const asked = rules.filter(({ name }) => lie.caughtBy.includes(name));
  for (const [place, { rest, ops }] of planted(lie).entries()) {
    test(`${lie.name} (${place})`, () => {
      const evidence = evidenceOf({ rest, ops }, ops);
      for (const rule of asked) expect(saidBy(rule, evidence), rule.name).toBe(lie.verdict ?? 'violation');
    });
  }
}

function silent(run: Simulated): void {
  const evidence = evidenceOf(run, run.ops);
  for (const rule of rules)
    expect(['pass', 'gap', 'invalid', 'unsupported'], rule.name).toContain(saidBy(rule, evidence));
}

for (const guard of guards) {
  for (const [place, run] of planted(guard).entries()) test(`${guard.name} (${place})`, () => silent(run));
}

for (let seed = 0; seed < 12; seed++) test(`run ${seed} of a correct ensemble`, () => silent(runAt(seed)));
