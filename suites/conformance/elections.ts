import type { ScenarioInput } from '../../harness/scenario/scenario.ts';
import { brief, type Expected, elected, served, undisturbed } from './parts.ts';

const electing = 'electing' as const;
const follower = 'follower' as const;

/** The servers that know no more than they did keep looking, for a while that is long beside any election. */
const looking = (sids: number[]): Expected => ({
  roles: Object.fromEntries(sids.map((sid) => [sid, electing])),
  forMs: 1500,
});

const oneByOne: ScenarioInput = {
  ...brief,
  name: 'of five fresh servers started one by one the third leads',
  tags: ['C06'],
  topology: { voters: 5 },
  begin: [1],
  formation: [
    { expect: [looking([1])] },
    { start: [2], expect: [looking([1, 2])] },
    { start: [3], expect: [{ roles: { 1: follower, 2: follower, 3: 'leader' } }] },
    { start: [4], expect: [{ roles: { 3: 'leader', 4: follower } }, { epoch: 'same' }] },
    { start: [5], expect: [{ roles: { 3: 'leader', 5: follower } }, { epoch: 'same' }] },
  ],
};

const together: ScenarioInput = {
  ...brief,
  name: 'five servers that lose power together elect, again and again',
  tags: ['C07'],
  topology: { voters: 5 },
  formation: [{ expect: [{ leader: 'any' }] }],
  steps: Array.from({ length: 4 }, () => ({
    when: { afterMs: 200, jitterMs: 300 },
    faults: [{ fault: 'kill' as const, target: 'all' as const }],
    forMs: 0,
    after: [{ leader: 'any' as const }, { epoch: 'new' as const }],
  })),
};

/** Disks as three lists: which servers hold how many transactions of epoch 1. */
const holding = (counts: number[]) =>
  Object.fromEntries(
    counts.map((count, i) => [i + 1, { stored: { log: [[1, count] as [number, number]] } }]),
  );

const laterTransactions: ScenarioInput[] = [
  {
    ...brief,
    name: 'zxids 8, 8, 8, 7, 7: with 3 and 5 gone, 2 leads',
    tags: ['C08'],
    topology: { voters: 5, nodes: holding([8, 8, 8, 7, 7]) },
    begin: [1, 2, 4],
    formation: [{ expect: [{ roles: { 1: follower, 2: 'leader', 4: follower } }] }, { start: [3, 5] }],
  },
  {
    ...brief,
    name: 'zxids 4, 3, 3: the first leads, whatever its id',
    tags: ['C08'],
    topology: { voters: 3, nodes: holding([4, 3, 3]) },
    // The third comes later, so that the first cannot be the one that comes too late.
    begin: [1, 2],
    formation: [
      { expect: [{ roles: { 1: 'leader', 2: follower } }] },
      { start: [3], expect: [{ roles: { 1: 'leader', 3: follower } }] },
    ],
  },
  {
    ...brief,
    name: 'two of five miss the last writes, and the others fail: one that has them leads',
    tags: ['C08'],
    topology: { voters: 5 },
    steps: [
      {
        faults: [{ fault: 'isolate', target: [4, 5], params: { clients: true } }],
        keep: 'cut',
        gate: false,
        forMs: 1500,
        expect: [served],
      },
      {
        // Of 1, 2 and 3 only 1 and 2 are left, who have everything that was acknowledged; 4 comes back without it.
        faults: [{ fault: 'kill', target: [3, 5] }],
        keep: 'dead',
        gate: false,
        forMs: 2500,
      },
      {
        heal: ['cut'],
        gate: false,
        forMs: 0,
        expect: [{ roles: { 2: 'leader', 1: follower, 4: follower } }, served],
      },
      { heal: ['dead'], after: [served] },
    ],
  },
];

const laterEpoch: ScenarioInput = {
  ...brief,
  name: 'a newer epoch beats a longer log, which is truncated',
  tags: ['C09', 'C10'],
  topology: {
    voters: 3,
    nodes: {
      1: { stored: { log: [[1, 5], [2, 1]] } }, // biome-ignore format: one log
      2: { stored: { log: [[1, 5], [2, 1]] } }, // biome-ignore format: one log
      3: { stored: { log: [[1, 5000]] } },
    },
  },
  formation: [
    {
      expect: [
        // Which of the two that have the epoch leads depends on who comes first.
        { roles: { 1: ['leader', follower], 2: ['leader', follower], 3: follower } },
        { log: 'TRUNC' },
      ],
    },
  ],
};

const newEpochOnly: ScenarioInput = {
  ...brief,
  name: 'a newer currentEpoch beats a higher zxid and id',
  tags: ['C09'],
  topology: {
    voters: 3,
    nodes: {
      1: { stored: { log: [[1, 5]], currentEpoch: 3 } },
      2: { stored: { log: [[1, 6]] } },
      3: { stored: { log: [[1, 6]] } },
    },
  },
  begin: [1, 2],
  formation: [
    { expect: [{ roles: { 1: 'leader', 2: follower } }] },
    { start: [3], expect: [{ roles: { 1: 'leader', 3: follower } }] },
  ],
};

const joining: ScenarioInput[] = [
  {
    ...brief,
    name: 'a follower that restarts joins by DIFF',
    tags: ['C10'],
    steps: [
      {
        faults: [{ fault: 'kill', target: 'follower' }],
        forMs: 1000,
        expect: undisturbed,
        after: [{ roles: { victims: follower } }, ...undisturbed, { log: 'DIFF' }],
      },
    ],
  },
  {
    ...brief,
    name: 'the old leader that restarts follows the new one',
    tags: ['C10'],
    steps: [
      {
        faults: [{ fault: 'kill', target: 'leader' }],
        keep: 'old',
        gate: false,
        forMs: 500,
        expect: elected,
      },
      { heal: ['old'], forMs: 0, expect: [], after: undisturbed },
    ],
  },
  {
    ...brief,
    name: 'a follower with an empty disk joins by SNAP',
    tags: ['C10'],
    workload: { use: 'mixed', clients: 8, turnsPerSecond: 100 },
    // Without it a leader sends its whole log instead, as long as that is small (LearnerHandler, since 3.5).
    topology: { settings: { snapshotSizeFactor: -1 } },
    steps: [
      {
        // More than the leader remembers (ZKDatabase.commitLogCount is 500).
        when: { acked: 900 },
        faults: [{ fault: 'wipe', target: 'follower' }],
        forMs: 0,
        after: [{ roles: { victims: follower } }, served, { log: 'SNAP|snapshot' }],
      },
    ],
  },
];

const rounds: ScenarioInput = {
  ...brief,
  name: 'a restarted server adopts the round of the one that kept looking',
  tags: ['C11'],
  steps: [
    { faults: [{ fault: 'kill', target: [1] }], keep: 'third', gate: false, forMs: 0, expect: [served] },
    {
      // The survivor looks again, in a later round; the one that restarts begins in its first.
      faults: [{ fault: 'kill', target: 'leader' }],
      forMs: 1500,
      gate: false,
      expect: [{ leader: 'none' }],
      after: [{ leader: 'any' }, { epoch: 'new' }, served],
    },
    { heal: ['third'], after: undisturbed },
  ],
};

/** Longer than a leader needs to notice, and the others to elect. */
const pastStepDownMs = 4500;

const cutLeader = (name: string, params: Record<string, unknown>, expect: Expected[]): ScenarioInput => ({
  ...brief,
  name,
  tags: ['C12'],
  steps: [
    {
      faults: [{ fault: 'isolate', target: 'leader', params }],
      forMs: pastStepDownMs,
      expect,
      after: [served],
    },
  ],
});

const splitBrain: ScenarioInput[] = [
  cutLeader('a leader that is cut off steps down', {}, elected),
  cutLeader('a leader whose packets are lost steps down', { direction: 'from' }, elected),
  cutLeader('a leader that hears nobody steps down', { direction: 'to' }, elected),
  cutLeader('a leader cut off on 3888 alone stays', { ports: ['election'] }, undisturbed),
  {
    ...brief,
    name: 'a leader in the minority of five steps down',
    tags: ['C12'],
    topology: { voters: 5 },
    steps: [
      {
        faults: [{ fault: 'partition', target: 'minority-with-leader' }],
        forMs: pastStepDownMs,
        expect: [{ roles: { victims: electing } }, ...elected],
        after: [served],
      },
    ],
  },
  {
    ...brief,
    name: 'a leader cut off on 2888 alone commits nothing',
    tags: ['C12'],
    steps: [
      {
        faults: [{ fault: 'isolate', target: 'leader', params: { ports: ['quorum'] } }],
        forMs: pastStepDownMs,
        after: [served],
      },
    ],
  },
];

/** An election ends: the time from the fault to the first write that is acknowledged stands in what was seen. */
const ended: ScenarioInput[] = (
  [
    ['killed', { fault: 'kill', target: 'leader' }],
    ['stopped', { fault: 'stop', target: 'leader' }],
    ['frozen', { fault: 'pause', target: 'leader' }],
    ['cut off', { fault: 'isolate', target: 'leader', params: { clients: true } }],
  ] as const
).map(([how, fault]) => ({
  ...brief,
  name: `service resumes after the leader is ${how}, three times`,
  tags: ['C33'],
  steps: Array.from({ length: 3 }, () => ({
    faults: [fault],
    expect: [{ leader: 'other' as const, withinMs: 20_000 }, served],
    forMs: 500,
  })),
}));

export const elections: ScenarioInput[] = [
  oneByOne,
  together,
  ...laterTransactions,
  laterEpoch,
  newEpochOnly,
  ...joining,
  rounds,
  ...splitBrain,
  ...ended,
];
