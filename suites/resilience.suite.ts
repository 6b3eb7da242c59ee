import { defineSuite } from '../harness/scenario/define.ts';
import type { ScenarioInput } from '../harness/scenario/scenario.ts';

type Steps = NonNullable<ScenarioInput['steps']>;

/**
 * Longer than a leader needs to see that its followers are gone (syncLimit 6 ticks of 300 ms, one tick more for the
 * check) and the others to elect a new one.
 */
const pastStepDownMs = 4500;

const accidents: { name: string; steps: Steps }[] = [
  { name: 'the leader is killed', steps: [{ faults: [{ fault: 'kill', target: 'leader' }] }] },
  {
    name: 'the leader is killed twice',
    steps: [
      { faults: [{ fault: 'kill', target: 'leader' }], forMs: 1500 },
      { faults: [{ fault: 'kill', target: 'leader' }], forMs: 1500 },
    ],
  },
  {
    name: 'the leader is frozen',
    steps: [{ faults: [{ fault: 'pause', target: 'leader' }], forMs: pastStepDownMs }],
  },
  {
    name: 'a follower is frozen',
    steps: [{ faults: [{ fault: 'pause', target: 'follower' }], forMs: pastStepDownMs }],
  },
  {
    name: 'the leader is cut off',
    steps: [{ faults: [{ fault: 'isolate', target: 'leader' }], forMs: pastStepDownMs }],
  },
  {
    name: 'the leader is cut off with its clients',
    steps: [
      { faults: [{ fault: 'isolate', target: 'leader', params: { clients: true } }], forMs: pastStepDownMs },
    ],
  },
  {
    name: 'the leader is in the minority',
    steps: [{ faults: [{ fault: 'partition', target: 'minority-with-leader' }], forMs: pastStepDownMs }],
  },
  {
    name: 'the leader is in the majority',
    steps: [{ faults: [{ fault: 'partition', target: 'minority' }], forMs: pastStepDownMs }],
  },
  {
    name: 'packets from the leader are lost',
    steps: [
      {
        faults: [{ fault: 'isolate', target: 'leader', params: { direction: 'from' } }],
        forMs: pastStepDownMs,
      },
    ],
  },
  {
    name: 'packets to the leader are lost',
    steps: [
      {
        faults: [{ fault: 'isolate', target: 'leader', params: { direction: 'to' } }],
        forMs: pastStepDownMs,
      },
    ],
  },
  {
    name: 'the quorum port of the leader is cut',
    steps: [
      {
        faults: [{ fault: 'isolate', target: 'leader', params: { ports: ['quorum'] } }],
        forMs: pastStepDownMs,
      },
    ],
  },
  {
    name: 'the election ports are cut',
    steps: [{ faults: [{ fault: 'isolate', target: 'all', params: { ports: ['election'] } }], forMs: 3000 }],
  },
  {
    name: 'clients lose the leader',
    steps: [
      {
        faults: [
          { fault: 'isolate', target: 'leader', params: { ports: ['client'], clients: true, peers: false } },
        ],
        forMs: pastStepDownMs,
      },
    ],
  },
  {
    name: 'one server bridges two halves',
    steps: [{ faults: [{ fault: 'bridge', target: 'any' }], forMs: pastStepDownMs }],
  },
  { name: 'a minority is killed', steps: [{ faults: [{ fault: 'kill', target: 'minority' }], forMs: 2500 }] },
  { name: 'a majority is killed', steps: [{ faults: [{ fault: 'kill', target: 'majority' }], forMs: 2500 }] },
  {
    name: 'a majority is cut off',
    steps: [{ faults: [{ fault: 'isolate', target: 'majority-with-leader' }], forMs: pastStepDownMs }],
  },
  {
    name: 'the leader is cut off and a follower killed',
    steps: [
      {
        faults: [
          { fault: 'kill', target: 'follower' },
          { fault: 'isolate', target: 'leader' },
        ],
        forMs: pastStepDownMs,
      },
    ],
  },
  {
    name: 'every node is restarted in turn',
    steps: [1, 2, 3].map((sid) => ({ faults: [{ fault: 'restart', target: [sid] }], forMs: 0 })),
  },
  { name: 'all servers lose power', steps: [{ faults: [{ fault: 'kill', target: 'all' }], forMs: 500 }] },
];

/** What a nightly job runs: every accident on three and on five servers. */
export const resilience = defineSuite(
  {
    name: 'resilience',
    about:
      'three and five servers: crashes, freezes, partitions of every shape, two faults at once, power loss',
    scenarios: [3, 5].flatMap((voters) =>
      accidents.map(({ name, steps }) => ({ name: `${voters} nodes: ${name}`, topology: { voters }, steps })),
    ),
  },
  'resilience',
);
