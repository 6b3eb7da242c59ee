import { ledBy, type Recipe, scripted } from './recipe.ts';

/**
 * A disk without room just when a new log begins: the file is made and nothing fits into it. The server ends, and does
 * not start again on a log without a header, although nothing is lost (ZOOKEEPER-2332; fixed in 3.9.3, in 3.8 never).
 */
export const zookeeper2332: Recipe = {
  id: 'ZOOKEEPER-2332',
  breaks: 'a server whose disk was full for a moment never starts again, although it has lost nothing',
  bad: '3.9.2',
  alsoBad: ['3.8.6'],
  healthy: '3.9.5',
  caughtBy: ['progress'],
  scenario: (version) => ({
    // Every few transactions a new log begins.
    topology: { version, settings: { snapCount: 10 } },
    ...scripted,
    ...ledBy(3),
    steps: [
      { when: { afterMs: 0 }, client: { on: 3, do: [{ create: '/before' }] }, forMs: 0 },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'full-disk', target: [1] }],
        client: { on: 3, do: [{ create: '/n', count: 60 }] },
        until: { seen: { exited: 1 } },
        forMs: 0,
      },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ sync: '/n0' }, { getData: '/n0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
