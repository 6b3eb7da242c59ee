import type { ScenarioInput } from '../../harness/scenario/scenario.ts';
import { brief, type Expected, served, undisturbed } from './parts.ts';

/** A third server with a wrong myid comes to two that serve; they go on, and nothing they acknowledged is lost. */
function wrongMyid(name: string, myid: string | null, does: Expected[]): ScenarioInput {
  return {
    ...brief,
    name,
    tags: ['C24', 'C32'],
    topology: { nodes: { 3: { myid } } },
    begin: [1, 2],
    outsiders: [3],
    steps: [{ start: [3], forMs: 1000, gate: false, expect: [...does, ...undisturbed] }],
  };
}

const notANumber: Expected = { exited: 3, log: 'serverid .*is not a number' };

const myids: ScenarioInput[] = [
  wrongMyid('a server without myid exits', null, [{ exited: 3, log: 'myid file is missing' }]),
  wrongMyid('a server whose myid begins with a blank line exits', '\n3\n', [notANumber]),
  wrongMyid('a server whose myid has a blank in its line exits', ' 3\n', [notANumber]),
  wrongMyid('a server whose myid is a name exits', 'zk-3\n', [notANumber]),
  wrongMyid('a server whose id is not in its list does not serve', '9\n', [{ log: 'not in the peer list' }]),
  // It would listen where the second server listens, on another machine.
  wrongMyid('a server with the id of another does not serve', '2\n', [
    { log: 'Cannot assign requested address|Unable to bind|Couldn.t bind' },
    { roles: { 3: ['down', 'electing', 'silent'] }, forMs: 1000 },
  ]),
  {
    ...brief,
    name: 'a server whose myid ends in blank lines joins',
    tags: ['C24', 'C32'],
    topology: { nodes: { 3: { myid: '3\n\n\n' } } },
    steps: [{ forMs: 0, after: undisturbed }],
  },
];

/** The same bound at two lengths of a tick: a follower that is silent for longer is dropped. */
const syncLimits: ScenarioInput[] = [
  { tickTime: 200, syncLimit: 10 },
  { tickTime: 500, syncLimit: 4 },
].map((settings) => ({
  ...brief,
  name: `a follower silent beyond ${settings.syncLimit} ticks of ${settings.tickTime} ms is dropped`,
  tags: ['C25'],
  topology: { settings },
  steps: [
    {
      faults: [{ fault: 'pause', target: 'follower' }],
      forMs: 0,
      expect: [{ log: 'GOODBYE' }, { leader: 'same' }, served],
      after: [{ roles: { victims: 'follower' } }, ...undisturbed],
    },
  ],
}));

const withinSyncLimit: ScenarioInput = {
  ...brief,
  name: 'a follower silent for a quarter of its limit is not dropped',
  tags: ['C25'],
  topology: { settings: { tickTime: 1000, syncLimit: 8 } },
  steps: [
    {
      faults: [{ fault: 'pause', target: 'follower' }],
      forMs: 2000,
      after: [...undisturbed, { quiet: 'GOODBYE' }],
    },
  ],
};

const initLimit: ScenarioInput = {
  ...brief,
  name: 'a server that cannot reach its leader gives up after initLimit, and tries again',
  tags: ['C25'],
  topology: { settings: { initLimit: 10 } },
  steps: [
    {
      faults: [{ fault: 'isolate', target: 'follower', params: { ports: ['quorum'] } }],
      forMs: 6000,
      expect: [
        { roles: { victims: 'electing' } },
        { log: 'initLimit exceeded|Unexpected exception|FOLLOWING' },
      ],
      after: [{ roles: { victims: 'follower' } }, ...undisturbed],
    },
  ],
};

const directories: ScenarioInput = {
  ...brief,
  powerOff: true,
  name: 'with dataLogDir the logs lie there, and servers restart from both',
  tags: ['C26'],
  topology: { separateLogDir: true, settings: { snapCount: 100 } },
  workload: { use: 'mixed', clients: 6, turnsPerSecond: 60 },
  steps: [1, 2, 3].map((sid) => ({ faults: [{ fault: 'restart' as const, target: [sid] }], forMs: 0 })),
  rules: ['durability', 'acknowledged-in-log', 'logs-agree', 'replicas-identical', 'faults-landed', 'progress'], // biome-ignore format: one list
};

const status: ScenarioInput = {
  ...brief,
  name: 'every way to ask for the mode gives the same answer',
  tags: ['C28'],
  topology: { observers: 1, settings: { 'admin.enableServer': true } },
  steps: [
    { forMs: 500, expect: [{ status: 'agrees' }] },
    { faults: [{ fault: 'kill', target: 'leader' }], after: [{ status: 'agrees' }] },
    { faults: [{ fault: 'restart', target: 'observer' }], forMs: 0, after: [{ status: 'agrees' }] },
  ],
};

const ports = (n: number) => ({ client: 2180 + n, quorum: 2887 + n, election: 3887 + n });

const oneAddress: ScenarioInput[] = [
  {
    ...brief,
    name: 'three servers on one address, each with ports of its own, are an ensemble',
    tags: ['C27'],
    topology: { nodes: { 2: { at: 1, ports: ports(2) }, 3: { at: 1, ports: ports(3) } } },
    formation: [{ expect: [{ leader: 'any' }] }],
    steps: [{ forMs: 1000, after: undisturbed }],
  },
  {
    ...brief,
    name: 'a server on an address where its client port is taken exits',
    tags: ['C27'],
    topology: { nodes: { 3: { at: 1, ports: { ...ports(3), client: 2181 } } } },
    begin: [1, 2],
    outsiders: [3],
    steps: [
      {
        start: [3],
        forMs: 500,
        gate: false,
        expect: [{ exited: 3, log: 'Address already in use' }, ...undisturbed],
      },
    ],
  },
];

export const configuration: ScenarioInput[] = [
  ...myids,
  ...oneAddress,
  ...syncLimits,
  withinSyncLimit,
  initLimit,
  directories,
  status,
];
