import { ledBy, type Recipe, scripted } from './recipe.ts';

/** Some 140 bytes each in a log, and more than 4 KiB together: more than it takes without another page. */
const writes = Array.from({ length: 80 }, (_, i) => ({ create: `/n${i}` }));

/**
 * A follower that cannot log a proposal still applies its commit when that comes before it has stopped to follow. It
 * then rejoins with what it has in memory, so nobody sends it that transaction again: its log has a hole. 3.9.5 ends
 * when it reads that, older ones serve what is left (ZOOKEEPER-4882, open). One write at a time, so that what comes next
 * is just that commit.
 */
export const zookeeper4882: Recipe = {
  id: 'ZOOKEEPER-4882',
  breaks:
    'after a disk was full for a moment an acknowledged write is missing on that server, once it is restarted',
  bad: '3.9.5',
  alsoBad: ['3.8.6', '3.9.2'],
  caughtBy: ['acknowledged-in-log', 'durability', 'replicas-identical', 'logs-agree'],
  scenario: (version) => ({
    // KiB. Its log grows by a page at a time, and before a transaction is written to it: none is written in part.
    topology: { version, nodes: { '1': { jvmFlags: ['-Dzookeeper.preAllocSize=4'] } } },
    ...scripted,
    ...ledBy(3),
    steps: [
      { when: { afterMs: 0 }, client: { on: 3, do: [{ create: '/before' }] }, forMs: 0 },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'full-disk', target: [1], params: { restart: false } }],
        client: { on: 3, do: writes },
        until: { seen: { log: 'No space left on device', sid: 1 } },
        forMs: 0,
      },
      { when: { afterMs: 0 }, client: { on: 3, do: [{ create: '/later' }] }, forMs: 0 },
      { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: [1] }], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ sync: '/n0' }, { getData: '/n0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
