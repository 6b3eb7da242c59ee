import { afterAll, describe, expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { rules } from '../../harness/rule/catalogue.ts';
import { kafkaRules } from '../../harness/rule/kafka/catalogue.ts';
import type { Evidence } from '../../harness/rule/rule.ts';
import { guards } from './mutation/guards.ts';
import { saidBy } from './mutation/said.ts';
import { mutations } from './mutations.ts';
import { evidenceOf, type Simulated, simulate } from './simulated-ensemble.ts';

/** Enough for every lie to find a place several times; every fifth without any trouble. */
const runs: Simulated[] = Array.from({ length: 72 }, (_, seed) =>
  simulate(seed, { clients: 1 + (seed % 6), events: 600, trouble: seed % 5 > 0 }),
);
const placesMin = 3;
const placesMax = 25;
const table: string[] = [];

const said = (evidence: Evidence) => new Map(rules.map((rule) => [rule.name, saidBy(rule, evidence)]));

function row(name: string, places: number, by: string): void {
  table.push(`${name.padEnd(78)} ${String(places).padStart(3)}  ${by}`);
}

describe('every planted lie is named by the rules that must', () => {
  test.each(mutations)('$name: $caughtBy', ({ name, apply, caughtBy, verdict = 'violation' }) => {
    let places = 0;
    const also = new Set<string>();
    for (const [seed, run] of runs.entries()) {
      const changed = places < placesMax ? apply(run, randomFrom(seed)) : undefined;
      if (!changed) continue;
      places++;
      const verdicts = said(evidenceOf(changed, changed.ops));
      for (const rule of caughtBy) expect(verdicts.get(rule), `${rule}, run ${seed}`).toBe(verdict);
      for (const [rule, its] of verdicts) if (its === 'violation' && !caughtBy.includes(rule)) also.add(rule);
      if (verdict === 'gap') expect([...verdicts.values()], `run ${seed}`).not.toContain('violation');
    }
    row(
      name,
      places,
      `${caughtBy.join(', ')}${verdict === 'violation' ? '' : ` (${verdict})`}${also.size > 0 ? `; also ${[...also].join(', ')}` : ''}`,
    );
    expect(places).toBeGreaterThanOrEqual(placesMin);
  });
});

describe('no rule says a word where nothing was done that may not be', () => {
  test.each(guards)('$name', ({ name, apply }) => {
    let places = 0;
    for (const [seed, run] of runs.entries()) {
      const changed = apply(run, randomFrom(seed));
      if (!changed) continue;
      places++;
      const evidence = evidenceOf(changed, changed.ops);
      const alarms = rules
        .filter(({ needs }) => !needs?.some((need) => evidence.lacks[need] !== undefined))
        .flatMap((rule) => rule.judge(evidence).findings)
        .filter(({ severity }) => severity === 'violation');
      expect(
        alarms.map(({ rule, title }) => `${rule}: ${title}`),
        `run ${seed}`,
      ).toEqual([]);
    }
    row(name, places, 'silence');
    expect(places).toBeGreaterThanOrEqual(placesMin);
  });
});

test('every rule has a lie that only it must catch', () => {
  const covered = new Set(mutations.flatMap(({ caughtBy }) => (caughtBy.length === 1 ? caughtBy : [])));
  // What client libraries owe has planted lies of its own: client/client-rules.test.ts.
  // And what brokers owe: kafka/kafka-rules.test.ts.
  const ofServers = rules
    .filter((rule) => rule.of !== 'client' && !kafkaRules.includes(rule))
    .map(({ name }) => name);
  expect([...covered].sort()).toEqual(ofServers.sort());
});

afterAll(() => {
  process.stdout.write(`\nPlanted histories, places tried, and who must speak:\n${table.join('\n')}\n`);
});
