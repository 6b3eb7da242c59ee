import { ledBy, type Recipe, scripted } from './recipe.ts';

/** Bytes of a request; the default is 1 MiB. */
const limit = 65_536;

/**
 * So many that what sequential names add to them (10 bytes each and some more) goes beyond the 1024 bytes by which a
 * stored transaction may exceed the limit: 400 paths of 110 bytes are a request of 63,217 bytes, and 67,236 when logged.
 */
const nodes = { count: 400, pathBytes: 110, sequential: true, together: true };

/**
 * A request just below `jute.maxbuffer` becomes a transaction that no server may read: followers leave, and the leader
 * cannot load what it has logged. A second one ends the next leader (ZOOKEEPER-3496; fixed in 3.5.7 and 3.6.0).
 */
export const zookeeper3496: Recipe = {
  id: 'ZOOKEEPER-3496',
  breaks: 'one multi a leader, which is no longer than allowed, and the ensemble never serves again',
  bad: '3.4.14',
  alsoBad: ['3.5.6'],
  healthy: '3.5.8',
  caughtBy: ['progress'],
  scenario: (version) => ({
    topology: { version, jvmFlags: [`-Djute.maxbuffer=${limit}`] },
    ...scripted,
    ...ledBy(3),
    steps: [
      {
        when: { afterMs: 0 },
        client: { name: 'a', on: 1, do: [{ create: '/before' }, { create: '/n', ...nodes }] },
        forMs: 0,
        gate: false,
      },
      // Where another leads by now, this one has a session only when it does.
      {
        when: { afterMs: 0 },
        client: { name: 'b', on: 1, do: [{ create: '/m', ...nodes }] },
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
