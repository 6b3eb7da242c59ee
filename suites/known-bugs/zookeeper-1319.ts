import { ledBy, type Recipe, scripted } from './recipe.ts';

/**
 * The leader of a new epoch takes a server without data for one that has all it has read from its own log
 * (ZOOKEEPER-1319; fixed in 3.4.1).
 */
export const zookeeper1319: Recipe = {
  id: 'ZOOKEEPER-1319',
  breaks: 'a server that joins without data in a new epoch never gets what was acknowledged before',
  bad: '3.4.0',
  healthy: '3.4.6',
  caughtBy: ['linearizable-writes', 'acknowledged-in-log', 'logs-agree'],
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(3),
    powerOff: false,
    steps: [
      {
        when: { afterMs: 0 },
        client: { on: 3, do: [{ create: '/n', count: 10 }, { close: true }] },
        forMs: 0,
      },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'wipe', target: [1] }],
        keep: 'empty',
        forMs: 0,
        gate: false,
      },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'restart', target: [2, 3], params: { signal: 'SIGKILL' } }],
        forMs: 0,
        gate: false,
      },
      { when: { seen: { leader: 3 } }, heal: ['empty'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ sync: '/n0' }, { getData: '/n0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
