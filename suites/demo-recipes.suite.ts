import { defineSuite } from '../harness/scenario/define.ts';
import type { ScenarioInput } from '../harness/scenario/scenario.ts';

const small = { clients: 5, turnsPerSecond: 30, wrong: true };

/** Needs sessions that end: a holder that lost its session writes on for the rest of its 3 s. */
const lock: ScenarioInput = {
  name: 'a lock holder does not look at its session',
  workload: { use: 'locks', ...small, locks: 1, sessionTimeoutMs: 1000, deadlineMs: 800, writes: 90 },
  steps: [
    {
      faults: [
        { fault: 'isolate', target: 'all', params: { ports: ['client'], clients: true, peers: false } },
      ],
      forMs: 3000,
    },
  ],
  coolDownMs: 3000,
};

/** These go wrong by themselves. */
const others = {
  latch: 'a candidate leads because the one ahead of it is gone',
  barrier: 'a client counts itself twice',
  queue: 'an item is taken whatever its delete says',
  config: 'a push does not say which version it replaces',
  members: 'members join with persistent nodes',
  naming: 'names come from a counter that is read and written',
  balance: 'tasks are given to workers of an old list',
};

/** Proof that the rule of every recipe turns red on real servers: the clients play it wrong, the servers do nothing wrong. */
export const demoRecipes = defineSuite(
  {
    name: 'demo-recipes',
    about: 'planted evil: every recipe with its classic mistake; each must end red, by the rule of its law',
    scenarios: [
      lock,
      ...Object.entries(others).map(
        ([use, name]): ScenarioInput => ({ name, workload: { use, ...small }, warmUpMs: 3000 }),
      ),
    ].map((scenario) => ({ ...scenario, powerOff: false })),
  },
  'demo-recipes',
);
