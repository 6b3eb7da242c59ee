import { ledBy, type Recipe, scripted } from './recipe.ts';

/** Once its process is up, a server that can come back takes a second or two. */
const rejoinsMs = 12_000;

/**
 * The leader of a new epoch gives a server without data a snapshot, which is of a higher zxid than any log holds. When that server
 * is restarted before the next transaction, the leader has it truncate a log that it does not have, again and again
 * (ZOOKEEPER-2033; fixed in 3.4.7).
 */
export const zookeeper2033: Recipe = {
  id: 'ZOOKEEPER-2033',
  breaks:
    'a server that was given everything anew is restarted, and cannot join again with what it was given',
  bad: '3.4.6',
  healthy: '3.4.14',
  caughtBy: ['expectations'],
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(3),
    powerOff: false,
    steps: [
      // The end of a session is a transaction, too, and must not come later.
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
        faults: [{ fault: 'kill', target: [1] }],
        keep: 'first',
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, start: [1], forMs: 0, gate: false },
      {
        when: { seen: { roles: { '1': ['electing', 'follower'] } } },
        expect: [{ roles: { '1': 'follower' }, withinMs: rejoinsMs }],
        forMs: 0,
        gate: false,
      },
      // A disk without anything is what it can come back with.
      { when: { afterMs: 0 }, faults: [{ fault: 'wipe', target: [1] }], forMs: 0, gate: false },
      { when: { afterMs: 0 }, heal: ['first'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ sync: '/n0' }, { getData: '/n0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
