import { ledBy, type Recipe, scripted } from './recipe.ts';

/** Bytes. The default is 1 MiB; a smaller limit needs fewer nodes. */
const limit = 65_536;

/**
 * Since 3.6 the end of a session is a transaction that lists the paths of its ephemerals. Where that is longer than a
 * server may read, no follower can take it and the leader cannot load what it has logged (ZOOKEEPER-4306, open).
 */
export const zookeeper4306: Recipe = {
  id: 'ZOOKEEPER-4306',
  breaks: 'one client with many ephemerals ends its session, and the ensemble never serves again',
  bad: '3.9.5',
  healthy: '3.5.8',
  caughtBy: ['progress'],
  scenario: (version) => ({
    topology: { version, jvmFlags: [`-Djute.maxbuffer=${limit}`] },
    ...scripted,
    ...ledBy(3),
    steps: [
      {
        when: { afterMs: 0 },
        client: {
          on: 2,
          sessionTimeoutMs: 4000,
          do: [{ create: '/e', count: 1000, pathBytes: 200, ephemeral: true }],
        },
        forMs: 0,
      },
      {
        when: { afterMs: 0 },
        client: { on: 2, do: [{ close: true }], wait: false },
        // The next leader still has the session, and ends it when it has expired.
        forMs: 8000,
        gate: false,
      },
      { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: 'all' }], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ create: '/end' }, { getData: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
