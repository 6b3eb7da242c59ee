import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rules } from '../../harness/rule/catalogue.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import { evidenceOf, simulate } from './simulated-ensemble.ts';

const names = rules.map(({ name }) => name);

test('no rule says a word against an ensemble that is correct by construction', () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 31 - 1),
      fc.constantFrom(3, 4, 5),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 150, max: 600 }),
      (seed, servers, clients, events) => {
        const simulated = simulate(seed, { servers, clients, events });
        const verdict = judgeScenario(evidenceOf(simulated, simulated.ops), names);
        const alarms = verdict.rules.flatMap((result) => [
          // A gap is a weakness that ZooKeeper documents, so a correct ensemble may show it.
          ...result.findings
            .filter(({ severity }) => severity === 'violation')
            .map(({ rule, title, words }) => `${rule}: ${title}: ${words}`),
          ...(result.reason ? [`${result.rule}: ${result.reason}`] : []),
        ]);
        // A short run may have no ephemeral and no sequential node to look at: that is invalid, not an alarm.
        expect(alarms.filter((alarm) => !alarm.endsWith('to look at'))).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
