import type { Random } from '../base/random.ts';
import type { FaultCall, Target } from '../plan/plan.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import type { DrawnEnsemble } from './ensembles.ts';
import { chance, weighted } from './weighted.ts';

export type Steps = NonNullable<ScenarioInput['steps']>;

/** Longer than a leader needs to see that its followers are gone: syncLimit 6 ticks of 300 ms, and two ticks for the check. */
const pastStepDownMs = 3000;

type Accident = (random: Random, ensemble: DrawnEnsemble) => { faults: FaultCall[]; forMs: number };

const one: Target[] = ['leader', 'leader', 'follower', 'any', 'highest-sid', 'lowest-sid'];
const some: Target[] = [...one, 'minority', 'minority-with-leader'];
const many: Target[] = [...some, 'followers', 'majority', 'majority-with-leader', 'all'];

const call = (fault: string, target: Target, params: FaultCall['params'] = {}): FaultCall => ({
  fault,
  target,
  params,
});

/** One thing that happens to servers, by their roles at that moment, and how long it lasts. */
const accidents: readonly (readonly [share: number, accident: Accident])[] = [
  [5, (random) => ({ faults: [call('kill', random.pick(many))], forMs: random.int(0, 1500) })],
  [2, (random) => ({ faults: [call('stop', random.pick(many))], forMs: random.int(0, 1500) })],
  [
    3,
    (random) => ({
      faults: [call('restart', random.pick(many), { signal: random.pick(['SIGTERM', 'SIGKILL']) })],
      forMs: 0,
    }),
  ],
  [
    3,
    (random) => ({
      faults: [call('pause', random.pick(some))],
      forMs: random.pick([300, 1000, pastStepDownMs]),
    }),
  ],
  [6, (random) => ({ faults: [isolation(random)], forMs: random.pick([800, pastStepDownMs]) })],
  [
    2,
    (random) => ({
      faults: [
        call('partition', random.pick<Target>(['minority', 'minority-with-leader', 'majority-with-leader'])),
      ],
      forMs: pastStepDownMs,
    }),
  ],
  [1, () => ({ faults: [call('bridge', 'any')], forMs: pastStepDownMs })],
  [
    2,
    (random) => ({
      faults: [
        call(random.pick(['kill', 'stop', 'pause']), 'follower'),
        random.pick([call('kill', 'leader'), call('isolate', 'leader')]),
      ],
      forMs: random.pick([500, pastStepDownMs]),
    }),
  ],
  [
    1,
    (random, { observers }) => ({
      faults: [
        observers > 0 ? call(random.pick(['kill', 'pause', 'wipe']), 'observer') : call('kill', 'any'),
      ],
      forMs: random.int(0, 1000),
    }),
  ],
];

function isolation(random: Random): FaultCall {
  const params = weighted<FaultCall['params']>(random, [
    [4, {}],
    [2, { clients: true }],
    [1, { direction: 'from' }],
    [1, { direction: 'to' }],
    [1, { ports: ['quorum'] }],
    [1, { ports: ['election'] }],
    [1, { ports: ['client'], clients: true, peers: false }],
  ]);
  return call('isolate', random.pick(some), params);
}

/** One or two accidents one after the other, each healed, and the ensemble whole, before the next. */
export function drawAccidents(random: Random, ensemble: DrawnEnsemble): Steps {
  const count = chance(random, 40) ? 2 : 1;
  return Array.from({ length: count }, () => ({
    when: chance(random, 30) ? { acked: random.int(1, 5) } : { afterMs: 0, jitterMs: 400 },
    ...weighted(random, accidents)(random, ensemble),
  }));
}
