import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op } from '../../harness/history/op.ts';
import type { Ledger } from '../../harness/ledger/ledger.ts';
import { drawPlan } from '../../harness/plan/draw-plan.ts';
import { recordedScenario } from '../../harness/replay/recorded-scenario.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { defineSuite } from '../../harness/scenario/define.ts';
import type { ScenarioInput } from '../../harness/scenario/scenario.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { anyWrite } from './ops.ts';

const ms = (n: number) => n * 1e6;
type Unstamped<E> = E extends unknown ? Omit<E, 'atNs'> : never;
const at = (n: number, entry: Unstamped<JournalEntry>) => ({ atNs: ms(n), ...entry }) as JournalEntry;

/** What a run would have left: the journal and the acknowledged writes are given, and who led when. */
function recorded(
  input: ScenarioInput,
  {
    journal = [],
    ackedMs = [],
    reigns = [],
  }: { journal?: JournalEntry[]; ackedMs?: number[]; reigns?: { leader: number; ms: number }[] },
) {
  const [scenario] = defineSuite({ name: 'test', scenarios: [input] }).scenarios;
  const plan = drawPlan(scenario!, randomFrom(7));
  const ledger: Ledger = {
    reigns: reigns.map(({ leader, ms: n }, i) => ({
      ...{ epoch: i + 1, leader, establishedNs: ms(n), supporters: [] },
    })),
    ...{ elections: [], spans: [], understood: {}, alarms: [] },
  };
  const ops: Op[] = ackedMs.map((n) => anyWrite(ms(n)));
  const stored = {
    ...scenario!,
    topology: resolveTopology(scenario!.topology, '3.9.5'),
    origin: { monotonicNs: '0', wallMs: 0 },
    root: '/gauntlet',
  };
  const again = recordedScenario({ scenario: stored, plan, journal, ledger, history: historyOf(ops) });
  // What it gives is a scenario.
  return { plan, again: defineSuite({ name: 'test', scenarios: [again] }).scenarios[0]! };
}

const kill = { fault: 'kill', target: 'leader' as const, params: {} };
const step = (n: number, waits: number, acts: number, holds: number, ends: number) => [
  at(waits, { kind: 'step', step: n, part: 'waits' }),
  at(acts, { kind: 'step', step: n, part: 'acts' }),
  at(holds, { kind: 'step', step: n, part: 'holds' }),
  at(ends, { kind: 'step', step: n, part: 'ends' }),
];
const hit = (n: number, call: typeof kill, victims: number[]) =>
  at(0, { kind: 'fault-intent', step: n, fault: call.fault, call, victims, roles: {}, deadlineNs: 0 });

test('a fault comes back on whom it hit, after as many writes, and stays until a new epoch and as many more', () => {
  const { again } = recorded(
    { name: 'x', steps: [{ faults: [kill], forMs: 2000 }] },
    {
      journal: [...step(0, 1000, 1400, 1500, 3500), hit(0, kill, [3])],
      ackedMs: [900, 1100, 1200, 1390, 2500, 3490],
      reigns: [
        { leader: 3, ms: 500 },
        { leader: 2, ms: 2400 },
      ],
    },
  );
  expect(again.steps[0]).toMatchObject({
    when: { acked: 3 },
    faults: [{ fault: 'kill', target: [3] }],
    until: [{ seen: { epoch: 'new' } }, { acked: 2 }],
    forMs: 0,
  });
});

test('where nothing happened the clock is all there is', () => {
  const { again } = recorded(
    { name: 'x', steps: [{ faults: [{ ...kill, target: 'all' }], forMs: 800 }] },
    { journal: [...step(0, 0, 700, 750, 1550), hit(0, { ...kill, target: 'all' as never }, [1, 2, 3])] },
  );
  expect(again.steps[0]).toMatchObject({ when: { afterMs: 700 }, forMs: 800 });
  expect(again.steps[0]).not.toHaveProperty('until');
});

test('steps that waited for something wait for it again', () => {
  const when = { log: 'Getting a diff', sid: 2 };
  const { again } = recorded(
    { name: 'x', steps: [{ when, forMs: 0 }] },
    { journal: step(0, 0, 900, 900, 900) },
  );
  expect(again.steps[0]!.when).toEqual(when);
});

test('a fault that found nobody to hit is left out', () => {
  const steps = [{ faults: [{ ...kill, target: 'observer' as const }, kill], forMs: 0 }];
  const { again } = recorded({ name: 'x', steps }, { journal: [hit(0, kill, [2])] });
  expect(again.steps[0]!.faults).toEqual([{ ...kill, target: [2] }]);
});

test('the sides that a bridge drew are named', () => {
  const call = { fault: 'bridge', target: 'any' as const, params: {} };
  const between = (from: number, to: number) => ({ from, to, ports: 'all' as const });
  const cuts = [between(1, 3), between(1, 5), between(4, 3), between(4, 5)];
  const both = [...cuts, ...cuts.map(({ from, to }) => between(to, from))];
  const { again } = recorded(
    { name: 'x', topology: { voters: 5 }, steps: [{ faults: [call] }] },
    {
      journal: [
        hit(0, call as never, [2]),
        at(1, { kind: 'fault-landed', step: 0, fault: 'bridge', victims: [2], proof: [], cuts: both }),
      ],
    },
  );
  const groups = [
    [1, 4],
    [3, 5],
  ];
  expect(again.steps[0]!.faults).toEqual([{ fault: 'partition', target: [2], params: { groups } }]);
});

test('whoever led first leads first, and all draws are the same', () => {
  const { again, plan } = recorded(
    { name: 'x', topology: { voters: 5 } },
    { reigns: [{ leader: 4, ms: 1 }] },
  );
  expect(again.begin).toEqual([1, 2, 4]);
  expect(again.formation).toMatchObject([{ when: { seen: { leader: 4 } }, start: [3, 5] }]);
  expect(drawPlan(again, randomFrom(99)).seed).toBe(plan.seed);
});

test('where ids do not decide who leads, all begin at once', () => {
  const { again } = recorded({ name: 'x' }, { reigns: [{ leader: 1, ms: 1 }] });
  expect(again).not.toHaveProperty('begin');
});

test('servers are what they were', () => {
  const topology = {
    voters: 3,
    observers: 1,
    separateLogDir: true,
    settings: { tickTime: 400 },
    jvmFlags: ['-Da=b'],
    nodes: { 2: { version: '3.8.0', jvmFlags: ['-Dc=d'], ownHost: '0.0.0.0' } },
  };
  const { again } = recorded({ name: 'x', topology }, {});
  expect(resolveTopology(again.topology, '9.9.9')).toEqual(resolveTopology(topology, '3.9.5'));
});
