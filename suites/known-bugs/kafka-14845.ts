import type { Recipe } from './recipe.ts';

/** ZooKeeper keeps a commit that follows another so long, so that the moment to lose its answer is long. */
const flushMs = 1200;
const jvmFlags = [`-Dzookeeper.flushDelay=${flushMs}`, `-Dzookeeper.maxWriteQueuePollTime=${flushMs}`];

/** A third of it passes between attempts of a broker to connect; 20 ticks, the longest that servers grant. */
const sessionMs = 6000;

/** The broker as a node, as logs and groups know it. */
const broker = 101;
const triesLeader = { log: 'Opening socket connection to server \\S*3:2181', sid: broker };

/**
 * A broker's session is over, and the answer to its next registration is lost. A leader of ZooKeeper that was frozen
 * then calls that session expired, too, although another leads by now and has it. The third session finds a
 * registration of an owner that the broker never learned of, gives up, and never registers again (KAFKA-14845, open;
 * the leader's part is ZOOKEEPER-2985).
 */
export const kafka14845: Recipe = {
  id: 'KAFKA-14845',
  breaks: 'a broker that lost its session never registers again, although it runs and ZooKeeper serves',
  bad: '3.9.2',
  alsoBad: ['3.9.1'],
  servers: '3.9.5',
  caughtBy: ['kafka-service'],
  scenario: (version) => ({
    topology: {
      version: '3.9.5',
      settings: { syncLimit: 12 },
      jvmFlags,
      kafka: {
        brokers: 1,
        version,
        settings: { 'zookeeper.session.timeout.ms': String(sessionMs) },
      },
    },
    workload: { use: 'scripted' },
    records: { partitions: 1, producers: 1, consumers: 0 },
    begin: [1, 3],
    formation: [{ when: { seen: { leader: 3 } }, start: [2] }],
    warmUpMs: 500,
    coolDownMs: 0,
    powerOff: false,
    steps: [
      {
        when: { afterMs: 0 },
        client: { on: 2, do: [{ create: '/x' }, { sync: '/x' }, { getData: '/x' }] },
        forMs: 0,
      },
      // The first session is over, as everybody knows.
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'isolate', target: ['kafka1'], params: { layer: 'zookeeper' } }],
        keep: 'away',
        forMs: 1.5 * sessionMs,
        gate: false,
      },
      {
        when: { afterMs: 0 },
        heal: ['away'],
        until: { log: 'Session establishment complete', sid: broker },
        forMs: 0,
        gate: false,
      },
      // It registers with the second one, and does not hear so.
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'isolate', target: ['kafka1'], params: { layer: 'zookeeper', direction: 'to' } }],
        keep: 'deaf',
        until: { log: 'session timed out', sid: broker },
        forMs: 0,
        gate: false,
      },
      // From now on it reaches the leader alone, which sleeps until the others have another.
      {
        when: triesLeader,
        faults: [
          { fault: 'partition', target: ['kafka1'], params: { groups: [[broker], [1, 2]] } },
          { fault: 'pause', target: [3] },
        ],
        keep: 'asleep',
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, heal: ['deaf'], forMs: 1000, gate: false },
      { when: triesLeader, heal: ['asleep'], forMs: 3000, gate: false },
      { when: { afterMs: 0 }, client: { on: 2, do: [{ create: '/end' }] }, forMs: 0 },
    ],
  }),
};
