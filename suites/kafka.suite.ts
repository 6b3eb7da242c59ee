import { defineSuite } from '../harness/scenario/define.ts';
import type { ScenarioInput } from '../harness/scenario/scenario.ts';

/** Brokers notice the loss of their session only when they hear of it: twice the session timeout of 4 s is past all that. */
const pastSessionMs = 8000;

/**
 * Few clients of ZooKeeper, so that both layers are judged; 80 records a second to three partitions, 20 more in
 * transactions, and a group of two.
 */
const both = {
  tags: ['C29'],
  topology: { voters: 3, kafka: { brokers: 3 } },
  workload: { use: 'mixed', clients: 3, turnsPerSecond: 20 },
  records: { idempotent: 1, transactional: 1 },
  warmUpMs: 2000,
  coolDownMs: 2000,
  powerOff: false,
} satisfies Partial<ScenarioInput>;

const scenarios: Pick<ScenarioInput, 'name' | 'about' | 'steps'>[] = [
  {
    name: 'the leader of ZooKeeper is killed, and the next one cut off',
    about: 'brokers move their sessions to another server and lose none of them',
    steps: [
      { faults: [{ fault: 'kill', target: 'leader' }], forMs: 2500 },
      { faults: [{ fault: 'partition', target: 'minority-with-leader' }], forMs: 4500 },
    ],
  },
  {
    name: 'ZooKeeper has no quorum for longer than the sessions of brokers last',
    about: 'no session expires while nobody can expire it; who leads a partition goes on leading it',
    steps: [{ faults: [{ fault: 'kill', target: 'majority-with-leader' }], forMs: pastSessionMs }],
  },
  {
    name: 'the controller is killed',
    about: 'another broker takes over in the next controller epoch',
    steps: [{ faults: [{ fault: 'kill', target: 'controller' }], forMs: pastSessionMs }],
  },
  {
    name: 'the controller is frozen, and the next one cut off from ZooKeeper only',
    about: 'two brokers that still believe they are controller, one after the other',
    steps: [
      { faults: [{ fault: 'pause', target: 'controller' }], forMs: pastSessionMs },
      {
        faults: [{ fault: 'isolate', target: 'controller', params: { layer: 'zookeeper' } }],
        forMs: pastSessionMs,
      },
    ],
  },
  {
    name: 'the leader of a partition is killed, and a follower cut off from the other brokers only',
    about: 'in-sync replicas take over, and one that falls behind leaves the set and comes back',
    steps: [
      { faults: [{ fault: 'kill', target: 'partition-leader' }], forMs: pastSessionMs },
      {
        faults: [{ fault: 'isolate', target: 'in-sync-follower', params: { layer: 'brokers' } }],
        forMs: pastSessionMs,
      },
    ],
  },
  {
    name: 'the disk of the leader of a partition is full',
    about: 'its broker ends, in-sync replicas take over, and it comes back once there is room',
    steps: [{ faults: [{ fault: 'full-disk', target: 'partition-leader' }], forMs: pastSessionMs }],
  },
  {
    name: 'both layers are restarted, node by node',
    about: 'as an operator does it: servers first, then brokers, each when the one before serves again',
    steps: [[1], [2], [3], ['kafka1'], ['kafka2'], ['kafka3']].map((target) => ({
      when: { afterMs: 500 },
      faults: [{ fault: 'restart', target }],
      forMs: 0,
    })),
  },
];

/** Three brokers on three servers, with faults in both layers: what was acknowledged is there, once and in order. */
export const kafka = defineSuite(
  {
    name: 'kafka',
    about:
      'three brokers on three servers, faults in both layers: acknowledged records are kept, once and in order',
    scenarios: scenarios.map((scenario) => ({ ...both, ...scenario })),
  },
  'kafka',
);
