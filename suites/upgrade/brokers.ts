import { leaderKilled, move, type Named, type Steps, topologyOf, type Way } from './way.ts';

/** Brokers have noticed the loss of a session of 4 s, and what hung on it has moved. */
const pastSessionMs = 8000;

const controllerKilled: Steps = [
  {
    when: { afterMs: 600, jitterMs: 400 },
    faults: [{ fault: 'kill', target: 'controller' }],
    forMs: pastSessionMs,
  },
];

/** The same way under brokers, whose clients write and read records all the time; none where no brokers are asked for. */
export function underBrokers(way: Way): Named[] {
  const { from, to, kafka } = way;
  if (kafka === undefined) return [];
  return [
    {
      name: 'rolling under brokers, followers first',
      about: `Kafka ${kafka} on top, records written and read; the leader is killed at every stage, the controller at a mixed one`,
      topology: {
        ...topologyOf(way, { version: from }),
        // Apart from what a copy of the operator's own data may hold.
        kafka: { brokers: 3, version: kafka, chroot: '/gauntlet-kafka' },
      },
      workload: { use: 'mixed', clients: 3, turnsPerSecond: 20 },
      records: {},
      warmUpMs: 2000,
      coolDownMs: 2000,
      powerOff: false,
      steps: [
        ...move(from, to, 'follower'),
        ...leaderKilled,
        ...move(from, to, 'follower'),
        ...leaderKilled,
        ...controllerKilled,
        ...move(from, to),
        ...leaderKilled,
      ],
    },
  ];
}
