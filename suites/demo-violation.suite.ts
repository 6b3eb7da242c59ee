import { defineSuite } from '../harness/scenario/define.ts';

/**
 * Proof that the harness turns red on real servers: acknowledged writes are destroyed on purpose. All three servers
 * are killed, two lose their disks, those two start and form an ensemble without the data, and the third, which still
 * has it, is told to forget (a learner truncates what its leader does not have).
 */
export const demoViolation = defineSuite(
  {
    name: 'demo-violation',
    about:
      'planted evil: two of three servers lose their disks, so acknowledged writes are gone; must end red',
    scenarios: [
      {
        name: 'two of three disks are lost',
        steps: [
          {
            faults: [
              { fault: 'kill', target: [3] },
              { fault: 'wipe', target: [1, 2] },
            ],
            forMs: 500,
          },
        ],
        powerOff: false,
      },
      {
        name: 'kafka: unclean leader election and acks=1 lose records',
        about: 'a leader alone acknowledges records, dies, and a broker that lacks them leads',
        topology: { kafka: {} },
        workload: { use: 'mixed', clients: 2, turnsPerSecond: 20 },
        records: {
          ...{ partitions: 1, consumers: 0, acks: 'leader' },
          ...{ minInsyncReplicas: 1, uncleanLeaderElection: true },
        },
        steps: [
          // Past their sessions, so that the leader goes on without them.
          {
            faults: [{ fault: 'pause', target: 'in-sync-followers' }],
            keep: 'frozen',
            forMs: 9000,
            gate: false,
          },
          { faults: [{ fault: 'kill', target: 'partition-leader' }], keep: 'dead', forMs: 500, gate: false },
          // Past the session of the dead leader: one of the two leads, and takes records.
          { heal: ['frozen'], forMs: 9000, gate: false },
          { heal: ['dead'], forMs: 500 },
        ],
        powerOff: false,
      },
      {
        name: 'kafka: one replica on a disk that is lost',
        about:
          'with replication factor 1 nobody else has the records of a broker whose disk comes back empty',
        topology: { kafka: {} },
        workload: { use: 'mixed', clients: 2, turnsPerSecond: 20 },
        records: { partitions: 2, consumers: 0, replicationFactor: 1 },
        warmUpMs: 2000,
        steps: [{ faults: [{ fault: 'wipe', target: 'partition-leader' }], forMs: 500 }],
        powerOff: false,
      },
    ],
  },
  'demo-violation',
);
