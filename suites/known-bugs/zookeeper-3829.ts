import type { Recipe } from './recipe.ts';

/** The servers before the ensemble grew, and after. */
const three = [1, 2, 3];
const four = [1, 2, 3, 4];

/** An election takes a second or two here; a leader that never serves does so for ever. */
const servingMs = 12_000;

/**
 * A fourth server is added by rolling restarts with a longer list of servers. The leader that knew three members adds
 * the quorum of the new list beside the old one when it changes (`Have quorum of supporters, sids: [[4, 1, 2],[1, 2]]`),
 * and never gets through: roles look healthy, and no session can be opened (ZOOKEEPER-3829; fixed in 3.6.2 and 3.5.9).
 */
export const zookeeper3829: Recipe = {
  id: 'ZOOKEEPER-3829',
  breaks: 'after an ensemble grew by rolling restarts a leader is elected, and no client gets a session',
  bad: '3.6.0',
  healthy: '3.6.2',
  caughtBy: ['expectations'],
  scenario: (version) => ({
    // A follower that a busy machine makes late must not be dropped: with two lists about, who is dropped may not find back.
    topology: { version, voters: 4, settings: { syncLimit: 30 } },
    // Few writes at a time: the new server leads where none is ahead of it when the old leader goes.
    workload: { use: 'mixed', clients: 3, turnsPerSecond: 10, sessionTimeoutMs: 2000 },
    begin: [],
    formation: [
      { when: { afterMs: 0 }, start: [1, 3].map((sid) => ({ sid, peers: three })) },
      { when: { seen: { leader: 3 } }, start: [{ sid: 2, peers: three }] },
      { when: { seen: { roles: { '2': 'follower' } } }, start: [4] },
    ],
    warmUpMs: 500,
    coolDownMs: 0,
    powerOff: false,
    steps: [
      ...[1, 2].map((sid) => ({
        when: { afterMs: 0 },
        faults: [{ fault: 'restart', target: [sid], params: { signal: 'SIGKILL', peers: four } }],
        forMs: 0,
      })),
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'restart', target: [3], params: { signal: 'SIGKILL', peers: four } }],
        forMs: 0,
        gate: false,
        after: [{ writes: 'acknowledged', withinMs: servingMs }],
      },
      // As soon as another server leads, all is well again: what was written can be read back.
      { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: [4] }], forMs: 0 },
    ],
  }),
};
