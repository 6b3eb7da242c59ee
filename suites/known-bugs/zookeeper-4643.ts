import { ledBy, type Recipe, scripted } from './recipe.ts';

/** Keeps what a follower is given on its way to the disk for 10 s, so that the moment to kill it is long. */
const jvmFlags = ['-Dzookeeper.flushDelay=10000', '-Dzookeeper.maxWriteQueuePollTime=10000'];

/**
 * A follower writes the new epoch to its disk before the transactions it is synced with. Killed between the two it
 * outvotes servers that have everything, and makes them truncate (ZOOKEEPER-4643; fixed in 3.9.2).
 */
export const zookeeper4643: Recipe = {
  id: 'ZOOKEEPER-4643',
  breaks: 'acknowledged writes are gone, on servers that had them on their disks too',
  bad: '3.9.1',
  alsoBad: ['3.7.2', '3.8.4'],
  healthy: '3.9.5',
  caughtBy: ['durability'],
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(3),
    steps: [
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: [1] }],
        keep: 'one',
        client: { on: 2, do: [{ create: '/x', count: 10 }] },
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: [2] }], keep: 'two', forMs: 0, gate: false },
      { when: { seen: { leader: 'none' } }, start: [{ sid: 1, jvmFlags }], forMs: 0, gate: false },
      {
        when: { log: 'Have quorum of supporters', sid: 3 },
        faults: [{ fault: 'kill', target: [1, 3] }],
        keep: 'both',
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, start: [1, 2], forMs: 0, gate: false },
      // A write more, so that the third server cannot just go on from what it has.
      {
        when: { seen: { leader: [1, 2] } },
        client: { name: 'another', on: 2, do: [{ create: '/later' }] },
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, start: [3], forMs: 0, gate: false },
      { when: { afterMs: 0 }, heal: ['both', 'two', 'one'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 3, do: [{ sync: '/x0' }, { getData: '/x0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
