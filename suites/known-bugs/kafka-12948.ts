import type { Recipe } from './recipe.ts';

/** Time for a fetch to go unanswered and for a connection after it not to come about: 3 s each (replica.socket.timeout.ms). */
const silentMs = 12_000;

/**
 * A broker is cut off from the other brokers while followers connect to it. A connection that did not come about is closed,
 * and stays among those that are being made: every later fetch from that broker looks at them first, ends in an
 * IllegalStateException, and its followers never come back in sync (fixed in 2.7.2 and 2.8.1).
 */
export const kafka12948: Recipe = {
  id: 'KAFKA-12948',
  breaks: 'followers never fetch again from a broker that was cut off and is back',
  bad: '2.7.0',
  healthy: '2.7.2',
  servers: '3.5.8',
  caughtBy: ['kafka-service'],
  scenario: (version) => ({
    topology: { version: '3.5.8', kafka: { brokers: 3, version } },
    workload: { use: 'mixed', clients: 2, turnsPerSecond: 10 },
    records: { consumers: 0 },
    warmUpMs: 2000,
    coolDownMs: 2000,
    powerOff: false,
    steps: [
      {
        faults: [{ fault: 'isolate', target: 'in-sync-follower', params: { layer: 'brokers' } }],
        forMs: silentMs,
      },
    ],
  }),
};
