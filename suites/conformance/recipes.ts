import type { ScenarioInput } from '../../harness/scenario/scenario.ts';

type Steps = NonNullable<ScenarioInput['steps']>;

/** Sessions of 1.5 s on two of three servers end; clients of the third go on. A lost client finds the third one within 5 s. */
const expiryMs = 5500;

/** Few clients, so that several scenarios share two cores. */
const small = { clients: 5, turnsPerSecond: 30 };

const faults = {
  killed: {
    name: 'the leader is killed',
    steps: [{ faults: [{ fault: 'kill', target: 'leader' }], forMs: 2000 }],
  },
  isolated: {
    name: 'the leader is cut off',
    steps: [{ faults: [{ fault: 'isolate', target: 'leader' }], forMs: 3500 }],
  },
  frozen: {
    name: 'the leader is frozen',
    steps: [{ faults: [{ fault: 'pause', target: 'leader' }], forMs: 3500 }],
  },
  expiry: {
    name: 'sessions expire',
    steps: [
      {
        faults: [
          { fault: 'isolate', target: [1, 2], params: { ports: ['client'], clients: true, peers: false } },
        ],
        forMs: expiryMs,
      },
    ],
  },
} satisfies Record<string, { name: string; steps: Steps }>;

/** A configuration must reach everybody within 6 s: clients work a little longer than that after the heal. */
const arrivalMs = 7000;

const recipes = {
  locks: { ...small, locks: 2, sessionTimeoutMs: 1500, deadlineMs: 1000 },
  latch: small,
  barrier: small,
  queue: small,
  config: small,
  members: small,
  naming: { ...small, turnsPerSecond: 20 },
  balance: small,
} as const;

/** Each recipe under each accident; the leader falls silent by a cut for one half of them, by a freeze for the other. */
const recipeScenarios = Object.entries(recipes).flatMap(([recipe, params], i) =>
  [faults.killed, i % 2 === 0 ? faults.isolated : faults.frozen, faults.expiry].map(
    ({ name, steps }): ScenarioInput => ({
      name: `recipe ${recipe}: ${name}`,
      tags: ['C22'],
      workload: { use: recipe, ...params },
      steps,
      powerOff: false,
      ...(recipe === 'config' && { coolDownMs: arrivalMs }),
    }),
  ),
);

/** Each kind of node while leaders change and sessions end. */
const kindScenarios = [faults.killed, faults.isolated, faults.expiry].flatMap(
  ({ name, steps }): ScenarioInput[] => [
    {
      name: `kinds of nodes: ${name}`,
      tags: ['C19'],
      workload: { use: 'kinds', ...small },
      steps,
    },
    {
      name: `containers and TTLs: ${name}`,
      about: 'looked at every 400 ms instead of every minute',
      tags: ['C19'],
      topology: {
        jvmFlags: ['-Dznode.container.checkIntervalMs=400', '-Dzookeeper.extendedTypesEnabled=true'],
      },
      workload: { use: 'mortals', ...small },
      steps,
      powerOff: false,
    },
  ],
);

const limitBytes = 65_536;
const smallLimit = {
  tags: ['C21'],
  topology: { jvmFlags: [`-Djute.maxbuffer=${limitBytes}`] },
  workload: { use: 'large', limitBytes },
};

/** Packets one byte below, at and one byte above jute.maxbuffer: 64 KB, so that it is quick, and once the default. */
const sizeScenarios: ScenarioInput[] = [
  {
    name: 'packets around a limit of 64 KB',
    about: 'the server says what it will not read and closes that connection; leader and epoch stay',
    ...smallLimit,
    steps: [
      {
        expect: [{ log: 'Len error' }],
        forMs: 4000,
        after: [{ leader: 'same' }, { epoch: 'same' }],
      },
    ],
  },
  {
    name: 'packets around a limit of 64 KB: the leader is killed',
    ...smallLimit,
    steps: faults.killed.steps,
  },
  {
    name: 'packets around the default limit of 1 MB',
    tags: ['C21'],
    workload: { use: 'large', clients: 2, turnsPerSecond: 3, deadlineMs: 8000, sessionTimeoutMs: 6000 },
    warmUpMs: 5000,
    powerOff: false,
  },
];

/** Kinds of nodes, sizes of packets, and recipes built on them. */
export const recipeAndNodeScenarios: readonly ScenarioInput[] = [
  ...recipeScenarios,
  ...kindScenarios,
  ...sizeScenarios,
];
