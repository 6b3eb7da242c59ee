import type { Recipe } from './recipe.ts';

/**
 * Far above what it takes others to notice, to elect and to be found by clients: a second or two. Servers up to 3.5 may elect
 * the one that ends once more, and try to reach it for 5 s (Learner.connectToLeader), so the control is a later one.
 */
const resumedMs = 12_000;

/**
 * A leader that cannot log any more (its disk is full) loses the thread that logs and nothing else: it goes on to ping,
 * so all follow it, and no write is ever answered (ZOOKEEPER-2247; fixed in 3.5.3 and 3.4.9).
 */
export const zookeeper2247: Recipe = {
  id: 'ZOOKEEPER-2247',
  breaks:
    'a leader whose disk is full keeps leading, and no write is acknowledged although two servers are well',
  bad: '3.5.2-alpha',
  healthy: '3.9.5',
  caughtBy: ['expectations'],
  scenario: (version) => ({
    topology: { version },
    workload: { use: 'mixed', clients: 4, turnsPerSecond: 40, sessionTimeoutMs: 4000 },
    warmUpMs: 500,
    coolDownMs: 0,
    powerOff: false,
    steps: [
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'full-disk', target: 'leader' }],
        keep: 'full',
        // What fits into the last page of its log is still acknowledged.
        until: { seen: { log: 'No space left on device' } },
        forMs: 0,
        gate: false,
      },
      {
        when: { afterMs: 1000 },
        expect: [{ writes: 'acknowledged', withinMs: resumedMs }],
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, heal: ['full'], forMs: 0 },
    ],
  }),
};
