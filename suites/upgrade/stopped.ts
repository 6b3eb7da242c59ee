import { leaderKilled, load, type Named, type Steps, topologyOf, type Way } from './way.ts';

/** All servers are ended in order, and all are started on the new release. */
const allAtOnce = (to: string): Steps => [
  {
    when: { afterMs: 1000, jitterMs: 500 },
    faults: [{ fault: 'stop', target: 'all' }],
    keep: 'stopped',
    forMs: 0,
    gate: false,
  },
  { when: { afterMs: 0 }, start: [1, 2, 3].map((sid) => ({ sid, version: to })), forMs: 0, gate: false },
  { when: { afterMs: 0 }, heal: ['stopped'], forMs: 0 },
];

/** The upgrade with the service stopped: the new release begins with what the old one left on the disks. */
export function stopped(way: Way): Named[] {
  const { from, to } = way;
  return [false, true].map((separateLogDir) => ({
    name: `all stopped, then started on ${to}${separateLogDir ? ', logs apart from snapshots' : ''}`,
    about: `every server of ${from} ends in order; ${to} begins with their disks`,
    topology: topologyOf(way, { version: from, separateLogDir }),
    workload: load,
    steps: [...allAtOnce(to), ...leaderKilled],
  }));
}
