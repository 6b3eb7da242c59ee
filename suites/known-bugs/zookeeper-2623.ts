import { ledBy, type Recipe, scripted } from './recipe.ts';

/**
 * A CheckVersion that is no part of a multi is logged as a transaction that no server can read: followers leave, and the
 * leader cannot load what it has logged. A second one ends the next leader (ZOOKEEPER-2623; fixed in 3.8.5 and 3.9.3).
 */
export const zookeeper2623: Recipe = {
  id: 'ZOOKEEPER-2623',
  breaks: 'one request a leader, which any client may send, and the ensemble never serves again',
  bad: '3.9.2',
  alsoBad: ['3.6.4', '3.8.4'],
  healthy: '3.9.5',
  caughtBy: ['progress'],
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(3),
    steps: [
      {
        when: { afterMs: 0 },
        client: { name: 'a', on: 1, do: [{ create: '/x' }, { check: '/x' }] },
        forMs: 0,
        gate: false,
      },
      // Where another leads by now, this one has a session only when it does.
      { when: { afterMs: 0 }, client: { name: 'b', on: 1, do: [{ check: '/x' }] }, forMs: 0, gate: false },
      { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: 'all' }], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'c', on: 1, do: [{ create: '/end' }, { getData: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
