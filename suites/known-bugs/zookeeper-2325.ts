import { ledBy, type Recipe, scripted } from './recipe.ts';

/**
 * A server whose snapshots are all unreadable begins with an empty tree, replays the logs it has, and believes to be up
 * to date (ZOOKEEPER-2325; fixed in 3.5.3, whose servers refuse to start). The damage is what a full disk and a script
 * that purges logs do together.
 */
export const zookeeper2325: Recipe = {
  id: 'ZOOKEEPER-2325',
  breaks: 'acknowledged writes are missing on one server for ever, at the same zxid as everywhere',
  bad: '3.4.14',
  alsoBad: ['3.4.6'],
  healthy: '3.5.8',
  caughtBy: ['durability', 'replicas-identical'],
  scenario: (version) => ({
    topology: { version, settings: { snapCount: 20 } },
    ...scripted,
    ...ledBy(3),
    steps: [
      // A log ends where a snapshot begins, and requests that come at once are logged at once: so in two parts.
      { when: { afterMs: 0 }, client: { on: 3, do: [{ create: '/n', count: 50 }] }, forMs: 0 },
      { when: { afterMs: 0 }, client: { on: 3, do: [{ create: '/m', count: 50 }] }, forMs: 500 },
      {
        when: { afterMs: 0 },
        faults: [
          {
            fault: 'spoil',
            target: [1],
            params: { snapshots: 'emptied', logs: 'deleted-but-newest' },
          },
        ],
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
