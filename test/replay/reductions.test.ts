import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lessTime, lessWork } from '../../harness/replay/reduce/amounts.ts';
import { withoutServer } from '../../harness/replay/reduce/servers.ts';
import { fewerSteps, smallerSteps } from '../../harness/replay/reduce/steps.ts';
import { families } from '../../harness/replay/reductions.ts';
import { defineSuite } from '../../harness/scenario/define.ts';
import type { Scenario, ScenarioInput } from '../../harness/scenario/scenario.ts';

const defined = (input: Partial<ScenarioInput>): Scenario =>
  defineSuite({ name: 'test', scenarios: [{ name: 'x', ...input }] }).scenarios[0]!;

const kill = (...target: number[]) => ({ fault: 'kill', target });

test('a step goes with what a later one would have healed of it', () => {
  const scenario = defined({
    steps: [{ faults: [kill(1)], keep: 'a' }, { faults: [kill(2)], keep: 'b' }, { heal: ['a', 'b'] }],
  });
  const without = fewerSteps(scenario).find((each) => each.without === 'step 0')!;
  expect(without.scenario.steps.map(({ heal, keep }) => heal ?? keep)).toEqual(['b', ['b']]);
});

test('a server goes with its faults, and higher ids move down wherever they stand', () => {
  const scenario = defined({
    topology: { voters: 5, nodes: { 3: { version: '3.8.0' }, 5: { version: '3.9.3' } } },
    begin: [1, 2, 4],
    formation: [{ when: { seen: { leader: 4 } }, start: [{ sid: 3, jvmFlags: ['-Da=b'] }, 5] }],
    steps: [
      {
        faults: [
          kill(3),
          kill(3, 5),
          {
            fault: 'partition',
            target: [1],
            params: {
              groups: [
                [1, 3],
                [4, 5],
              ],
            },
          },
        ],
      },
      { client: { on: 4, do: [{ create: '/x' }] }, expect: [{ roles: { '5': 'leader', victims: 'down' } }] },
    ],
  });
  const smaller = withoutServer(scenario, 3)!;
  expect(smaller).toMatchObject({
    topology: { voters: 4, nodes: { 4: { version: '3.9.3' } } },
    begin: [1, 2, 3],
    formation: [{ when: { seen: { leader: 3 } }, start: [4] }],
    steps: [
      { faults: [kill(4), { params: { groups: [[1], [3, 4]] } }] },
      { client: { on: 3 }, expect: [{ roles: { '4': 'leader' } }] },
    ],
  });
  expect(smaller.topology.nodes).not.toHaveProperty('3');
});

test('a server somebody asks for by name stays', () => {
  const scenario = defined({ steps: [{ client: { on: 2, do: [{ create: '/x' }] } }] });
  expect(withoutServer(scenario, 2)).toBeUndefined();
  expect(withoutServer(scenario, 3)).toBeDefined();
});

test('clients and registers become fewer, deadlines stay', () => {
  const scenario = defined({ workload: { use: 'mixed', clients: 8, deadlineMs: 700 } });
  const counts = lessWork(scenario).map(({ scenario: { workload } }) => workload);
  expect(counts).toContainEqual({ use: 'mixed', clients: 1, deadlineMs: 700 });
  expect(counts).toContainEqual({ use: 'mixed', clients: 4, deadlineMs: 700 });
  expect(counts).toContainEqual({ use: 'mixed', clients: 8, deadlineMs: 700, registers: 1 });
});

test('of several things to wait for each may go, and each may be less', () => {
  const scenario = defined({ steps: [{ when: [{ seen: { epoch: 'new' } }, { acked: 10 }], forMs: 0 }] });
  const whens = lessTime(scenario).map(({ scenario: { steps } }) => steps[0]!.when);
  expect(whens).toContainEqual({ acked: 10 });
  expect(whens).toContainEqual([{ seen: expect.anything() }, { acked: 5 }]);
  expect(whens).toContainEqual({ afterMs: 0, jitterMs: 0 });
});

test('a client does less: each operation may go, and many become few', () => {
  const client = { on: 1, do: [{ create: '/a', count: 10 }, { sync: '/a' }] };
  const scenario = defined({ workload: { use: 'scripted' }, steps: [{ client }] });
  const dos = smallerSteps(scenario).map(({ scenario: { steps } }) => steps[0]!.client?.do);
  expect(dos).toContainEqual([{ sync: '/a' }]);
  expect(dos).toContainEqual([expect.objectContaining({ count: 5 }), { sync: '/a' }]);
  expect(dos).toContainEqual(undefined);
});

const anyScenario = fc
  .record({
    voters: fc.integer({ min: 2, max: 5 }),
    observers: fc.integer({ min: 0, max: 2 }),
    steps: fc.array(
      fc.record({
        sid: fc.integer({ min: 1, max: 2 }),
        forMs: fc.nat(3000),
        acked: fc.integer({ min: 1, max: 50 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ voters, observers, steps }) =>
    defined({
      topology: { voters, observers, settings: { tickTime: 400 } },
      steps: steps.map(({ sid, forMs, acked }) => ({ when: { acked }, faults: [kill(sid)], forMs })),
    }),
  );

test('taking away comes to an end, whatever is taken', () => {
  fc.assert(
    fc.property(anyScenario, fc.infiniteStream(fc.nat()), (start, draws) => {
      let scenario = start;
      for (let taken = 0; taken < 500; taken++) {
        const all = families.flatMap((family) => family(scenario));
        if (all.length === 0) return;
        scenario = all[draws.next().value! % all.length]!.scenario;
      }
      throw new Error('there is always something left to take away');
    }),
    { numRuns: 30 },
  );
});
