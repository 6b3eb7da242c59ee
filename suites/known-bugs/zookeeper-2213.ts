import { ledBy, type Recipe, scripted } from './recipe.ts';

/**
 * A setData without a path is found to be about the root, proposed, committed, and then refused by what applies it: on
 * every server, and again whenever one reads its log (ZOOKEEPER-2213; fixed in 3.4.7).
 */
export const zookeeper2213: Recipe = {
  id: 'ZOOKEEPER-2213',
  breaks: 'one request, which any client may send, and the ensemble never serves again',
  bad: '3.4.6',
  healthy: '3.4.14',
  caughtBy: ['progress'],
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(3),
    steps: [
      { when: { afterMs: 0 }, client: { name: 'a', on: 1, do: [{ create: '/x' }] }, forMs: 0 },
      {
        when: { afterMs: 0 },
        // No server is left to answer.
        client: { name: 'b', on: 1, do: [{ setData: '' }], deadlineMs: 3000 },
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: 'all' }], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'c', on: 1, do: [{ create: '/end' }, { getData: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
