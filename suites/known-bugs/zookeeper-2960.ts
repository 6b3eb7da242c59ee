import { type Recipe, scripted } from './recipe.ts';

/** 3.4.11 has dataDir and dataLogDir the wrong way round, so after an upgrade to it nothing is found (ZOOKEEPER-2960). */
export const zookeeper2960: Recipe = {
  id: 'ZOOKEEPER-2960',
  breaks: 'all acknowledged writes are gone after an upgrade of servers that log to a directory of their own',
  bad: '3.4.11',
  healthy: '3.4.14',
  caughtBy: ['durability', 'linearizable-writes', 'one-leader-per-epoch'],
  scenario: (version) => ({
    topology: { version: '3.4.10', separateLogDir: true },
    ...scripted,
    steps: [
      {
        when: { afterMs: 0 },
        client: { on: 1, do: [{ create: '/n', count: 20 }, { close: true }] },
        forMs: 0,
      },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: 'all' }],
        keep: 'down',
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, start: [1, 2, 3].map((sid) => ({ sid, version })), forMs: 0, gate: false },
      { when: { afterMs: 0 }, heal: ['down'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ sync: '/n0' }, { getData: '/n0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
