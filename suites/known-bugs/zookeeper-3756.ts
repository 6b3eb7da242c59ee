import type { Recipe } from './recipe.ts';

/** How long a server tries to connect to another one's election port; the default is 5 s. */
const connectMs = 15_000;

/** Two servers that hear each other need no third one to elect: it took 3.5.8 at most 2 s on a machine with far too much to do. */
const electedMs = 8000;

/**
 * A leader is gone and its address with it: its connections end, and what is sent there from then on is lost. Votes wait
 * behind the attempt to connect to it, for connects are made one after the other under one lock (ZOOKEEPER-3756; fixed
 * in 3.5.8; 3.6.0, which has the same lock, elected at once when it was tried).
 */
export const zookeeper3756: Recipe = {
  id: 'ZOOKEEPER-3756',
  breaks: 'after a leader vanished from the network there is none for as long as connecting to it takes',
  bad: '3.5.7',
  healthy: '3.5.8',
  caughtBy: ['expectations'],
  scenario: (version) => ({
    topology: { version, jvmFlags: [`-Dzookeeper.cnxTimeout=${connectMs}`] },
    workload: { use: 'mixed', clients: 4, turnsPerSecond: 40, sessionTimeoutMs: 4000 },
    warmUpMs: 500,
    coolDownMs: 0,
    powerOff: false,
    steps: [
      {
        when: { afterMs: 0 },
        faults: [
          { fault: 'isolate', target: 'leader', params: { ports: ['election'], direction: 'to' } },
          { fault: 'kill', target: 'leader' },
        ],
        expect: [{ leader: 'other', withinMs: electedMs }],
        forMs: 0,
      },
    ],
  }),
};
