import type { Role } from '../../harness/topology/roles.ts';
import { type Recipe, scripted } from './recipe.ts';

/** What was acknowledged is on the disk of every server by then. */
const loggedMs = 500;

/** Once all are there, votes settle within a second. */
const settleMs = 12_000;

const up: Role[] = ['electing', 'leader', 'follower'];

/**
 * Of two votes for the same zxid one was better for its epoch and the other for its server id, so that each beat the other
 * (ZOOKEEPER-1419; fixed in 3.4.4). Servers that have the same transactions, some of them from a later epoch in which
 * nothing was written, then change their votes without end. Two soon agree by chance, four seldom.
 */
export const zookeeper1419: Recipe = {
  id: 'ZOOKEEPER-1419',
  breaks: 'four of five servers run and hear each other, and never agree on a leader',
  bad: '3.4.3',
  healthy: '3.4.6',
  caughtBy: ['expectations'],
  scenario: (version) => ({
    topology: { version, voters: 5 },
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
        faults: [{ fault: 'kill', target: 'all' }],
        keep: 'all',
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, start: [1, 2, 3], forMs: 0, gate: false },
      {
        when: { seen: { leader: 3 } },
        faults: [{ fault: 'kill', target: [1, 2, 3] }],
        keep: 'later',
        forMs: 0,
        gate: false,
      },
      // Two of the later epoch and two of the earlier one: neither are a quorum.
      { when: { afterMs: 0 }, start: [1, 2, 4, 5], forMs: 0, gate: false },
      {
        when: { seen: { roles: Object.fromEntries([1, 2, 4, 5].map((sid) => [sid, up])) } },
        expect: [{ leader: 'any', withinMs: settleMs }],
        forMs: 0,
        gate: false,
      },
      // Those of one epoch agree among themselves, and the others then follow.
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: [4, 5] }],
        keep: 'earlier',
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, heal: ['later', 'earlier', 'all'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ sync: '/n0' }, { getData: '/n0' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
