import type { ScenarioInput } from '../../harness/scenario/scenario.ts';
import { brief, notServed, type Step, served, undisturbed } from './parts.ts';

/** A fresh ensemble: one leads, all others follow, whatever the ports are. */
function formed(voters: number, ports?: { client: number; quorum: number; election: number }): ScenarioInput {
  const where = ports ? ` on ports ${ports.quorum} and ${ports.election}` : '';
  return {
    ...brief,
    name: `${voters} servers make one leader and ${voters - 1} followers${where}`,
    // Every release is shown by what is true of all of them.
    tags: voters === 3 ? ['C01', 'C31'] : ['C02', 'C31'],
    topology: { voters, ...(ports && { ports }) },
    formation: [{ expect: [{ leader: 'any' }] }],
    // The gate before the clients has seen one leader, and everybody else following it.
    steps: [{ forMs: 1000, after: undisturbed }],
  };
}

type Loss = (victims: number[]) => NonNullable<Step['faults']>[number];

/** How a server is lost, and the words for it. */
const losses: { how: string; by: Loss }[] = [
  { how: 'killed', by: (victims) => ({ fault: 'kill', target: victims }) },
  { how: 'cut off', by: (victims) => ({ fault: 'isolate', target: victims, params: { clients: true } }) },
];

/** Loses one server after the other until no quorum is left; with the first that returns, service does. */
function survives(voters: number, { how, by }: (typeof losses)[number]): ScenarioInput {
  const may = Math.ceil(voters / 2) - 1;
  const lose = (sid: number): Step => ({
    faults: [by([sid])],
    keep: `${sid}`,
    forMs: 0,
    gate: false,
    expect: sid <= may ? [served] : notServed,
  });
  return {
    ...brief,
    name: `${may} of ${voters} servers may be ${how}, ${may + 1} may not`,
    tags: ['C05'],
    topology: { voters },
    steps: [
      ...Array.from({ length: may + 1 }, (_, i) => lose(i + 1)),
      { heal: ['1'], gate: false, forMs: 0, expect: [{ leader: 'any' }, served] },
    ],
  };
}

const evenNumber: ScenarioInput[] = [
  {
    ...brief,
    name: 'of 4 servers one may be lost, two may not',
    tags: ['C03'],
    topology: { voters: 4 },
    steps: [
      { faults: [{ fault: 'kill', target: [1] }], keep: 'one', gate: false, forMs: 0, expect: [served] },
      { faults: [{ fault: 'kill', target: [2] }], keep: 'two', gate: false, forMs: 0, expect: notServed },
      { heal: ['two'], gate: false, forMs: 0, expect: [served] },
    ],
  },
  {
    ...brief,
    name: 'of 4 servers split in halves neither half leads',
    tags: ['C03'],
    topology: { voters: 4 },
    steps: [
      {
        faults: [{ fault: 'partition', target: 'all', params: { groups: [[1, 2], [3, 4]] } }], // biome-ignore format: two sides
        expect: notServed,
        after: [served],
      },
    ],
  },
];

const observers: ScenarioInput[] = [
  {
    ...brief,
    name: 'observers come and go without a vote',
    tags: ['C04'],
    topology: { voters: 3, observers: 2 },
    formation: [{ expect: [{ roles: { 4: 'observer', 5: 'observer' } }] }],
    steps: [
      { faults: [{ fault: 'kill', target: 'observers' }], expect: undisturbed, after: undisturbed },
      { faults: [{ fault: 'isolate', target: 'observers' }], expect: undisturbed, after: undisturbed },
    ],
  },
  {
    ...brief,
    name: 'two observers and one voter are no quorum',
    tags: ['C04'],
    topology: { voters: 3, observers: 2 },
    steps: [{ faults: [{ fault: 'kill', target: [1, 2] }], expect: notServed, after: [served] }],
  },
  {
    ...brief,
    name: 'an observer with the highest zxid and id is not elected',
    tags: ['C04'],
    topology: {
      voters: 3,
      observers: 1,
      nodes: {
        1: { stored: { log: [[1, 8]] } },
        2: { stored: { log: [[1, 8]] } },
        3: { stored: { log: [[1, 8]] } },
        4: { stored: { log: [[1, 9]] } },
      },
    },
    formation: [
      { expect: [{ roles: { 4: 'observer', 3: ['leader', 'follower'], 1: ['leader', 'follower'] } }] },
    ],
  },
];

/** What each kind of port is for: it is cut alone, and one function dies. */
const ports: ScenarioInput[] = [
  {
    ...brief,
    name: 'without 2888 a follower loses its leader, though 3888 is open',
    tags: ['C23'],
    steps: [
      {
        faults: [{ fault: 'isolate', target: 'follower', params: { ports: ['quorum'] } }],
        expect: [{ roles: { victims: 'electing' }, forMs: 1000 }, ...undisturbed],
        after: [{ roles: { victims: 'follower' } }, ...undisturbed],
      },
    ],
  },
  {
    ...brief,
    name: 'without 3888 an ensemble goes on, but who restarts cannot join',
    tags: ['C23'],
    steps: [
      {
        faults: [{ fault: 'isolate', target: [1, 2, 3], params: { ports: ['election'] } }],
        keep: 'votes',
        forMs: 2500,
        gate: false,
        expect: undisturbed,
      },
      {
        faults: [{ fault: 'kill', target: 'follower' }],
        keep: 'restarted',
        forMs: 0,
        gate: false,
        expect: undisturbed,
      },
      {
        heal: ['restarted'],
        forMs: 0,
        gate: false,
        expect: [{ leader: 'same', forMs: 2500 }, { quiet: 'FOLLOWING - LEADER ELECTION TOOK' }],
      },
      { heal: ['votes'], after: [served, { leader: 'any' }] },
    ],
  },
  {
    ...brief,
    name: 'without 2181 clients are gone, and the quorum does not notice',
    tags: ['C23'],
    steps: [
      {
        faults: [
          { fault: 'isolate', target: 'all', params: { clients: true, peers: false, ports: ['client'] } },
        ],
        expect: [{ writes: 'none', forMs: 2500 }, { quiet: 'LOOKING|LEADING|FOLLOWING|shutdown called' }],
        after: undisturbed,
      },
    ],
  },
];

export const ensembles: ScenarioInput[] = [
  formed(3),
  formed(3, { client: 2181, quorum: 3188, election: 3288 }),
  formed(3, { client: 2181, quorum: 2881, election: 3881 }),
  formed(5),
  ...evenNumber,
  ...observers,
  ...losses.flatMap((loss) => [survives(3, loss), survives(5, loss)]),
  ...ports,
];
