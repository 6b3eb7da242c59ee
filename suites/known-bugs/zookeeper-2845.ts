import type { ScenarioInput } from '../../harness/scenario/scenario.ts';
import { ledBy, type Recipe, scripted } from './recipe.ts';

type Step = NonNullable<ScenarioInput['steps']>[number];

/** Longer than a leader takes to log a request, shorter than it waits for its followers (1.8 s). */
const loggedMs = 300;

const breaks =
  'a write that failed and was overruled comes back on one server, in place of an acknowledged one';
const caughtBy = ['durability', 'replicas-identical', 'linearizable-writes'];

const before: Step = { when: { afterMs: 0 }, client: { on: 3, do: [{ create: '/before' }] }, forMs: 0 };

/** The deposed leader reads its log again, and is asked. */
const restarted: Step[] = [
  { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: [3] }], forMs: 0 },
  {
    when: { afterMs: 0 },
    client: { name: 'third', on: 3, do: [{ sync: '/x' }, { getData: '/x' }, { create: '/end' }] },
    forMs: 0,
  },
];

/**
 * A deposed leader has logged a proposal that nobody else has. Rejoining, it tells its last committed zxid while its log
 * has more, gets a DIFF, and finds the proposal again when it restarts (ZOOKEEPER-2845; fixed in 3.4.12 and 3.5.4).
 */
export const zookeeper2845: Recipe = {
  id: 'ZOOKEEPER-2845',
  breaks,
  bad: '3.4.11',
  alsoBad: ['3.4.10', '3.5.3-beta'],
  healthy: '3.4.14',
  caughtBy,
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(3),
    steps: [
      before,
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'isolate', target: [3] }],
        keep: 'cut',
        client: { on: 3, do: [{ create: '/x', data: 'A' }], wait: false },
        forMs: 0,
        gate: false,
      },
      {
        when: { seen: { leader: [1, 2] } },
        client: { name: 'another', on: 2, do: [{ create: '/x', data: 'B' }] },
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, heal: ['cut'], forMs: 0 },
      ...restarted,
    ],
  }),
};

/** The same without a cut link: followers are frozen, so that they do not get the proposal, and killed. */
export const zookeeper2845Kill: Recipe = {
  id: 'ZOOKEEPER-2845-kill',
  breaks,
  bad: '3.4.11',
  healthy: '3.4.14',
  caughtBy,
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(3),
    steps: [
      before,
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'pause', target: [1, 2] }],
        keep: 'frozen',
        client: { on: 3, do: [{ create: '/x', data: 'A' }], wait: false },
        forMs: loggedMs,
        gate: false,
      },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: [1, 2] }],
        keep: 'gone',
        forMs: 0,
        gate: false,
      },
      { when: { seen: { leader: 'none' } }, heal: ['gone', 'frozen'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 2, do: [{ create: '/x', data: 'B' }] },
        forMs: 0,
      },
      ...restarted,
    ],
  }),
};
