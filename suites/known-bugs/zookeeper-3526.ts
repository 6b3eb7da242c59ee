import { type Recipe, scripted } from './recipe.ts';

/** What was acknowledged is on the disk of every server by then. */
const loggedMs = 500;

/**
 * A server in read-only mode numbers the sessions of its clients as if they were transactions, 1, 2 and so on, and keeps them among
 * those it can tell others about. When it leads, it tells a server that has nothing newer to truncate its log down to them
 * (ZOOKEEPER-3526; in 3.7.0 such sessions are local, ZOOKEEPER-3863).
 */
export const zookeeper3526: Recipe = {
  id: 'ZOOKEEPER-3526',
  breaks: 'a client reads in read-only mode, and later a server loses all that it had acknowledged',
  bad: '3.6.4',
  healthy: '3.9.5',
  caughtBy: ['durability', 'replicas-identical'],
  scenario: (version) => ({
    topology: {
      version,
      jvmFlags: ['-Dreadonlymode.enabled=true'],
      // Since 3.7.0 read-only mode is not there without them.
      settings: { localSessionsEnabled: true },
    },
    ...scripted,
    powerOff: false,
    steps: [
      {
        when: { afterMs: 0 },
        client: { on: 3, do: [{ create: '/n', count: 10 }, { close: true }] },
        forMs: loggedMs,
      },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: [1, 2] }],
        keep: 'others',
        forMs: 0,
        gate: false,
      },
      {
        when: { seen: { leader: 'none' } },
        client: { name: 'reader', on: 3, readOnly: true, do: [{ getData: '/n0' }, { close: true }] },
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, start: [1], forMs: 0, gate: false },
      { when: { seen: { leader: 3 } }, start: [2], forMs: 0, gate: false },
      { when: { afterMs: 0 }, heal: ['others'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 2, do: [{ sync: '/n0' }, { getData: '/n0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
