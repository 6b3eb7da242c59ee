import { type Named, type Steps, topologyOf, type Way } from './way.ts';

/**
 * Ensembles with little to write are where a server catches up with what it missed and is then the last to have it:
 * nothing that is written later repairs it. So there are no clients but one, which writes while a server is away.
 */
const quiet: Omit<Named, 'name'> = {
  workload: { use: 'scripted' },
  warmUpMs: 0,
  coolDownMs: 0,
  // Server 2 leads, 3 has the higher id: with equal logs 3 wins the next election.
  begin: [1, 2],
  formation: [{ when: { seen: { leader: 2 } }, start: [3] }],
};

const now = { afterMs: 0 } as const;

const writes = (node: string) => ({ on: 1, do: [{ create: node, data: 'kept', count: 10 }] });

/** What everything written before must survive: a look from the server that was away last, and a write. */
const lookFrom = (sid: number): Steps => [
  {
    when: now,
    client: {
      name: 'another',
      on: sid,
      do: [{ sync: '/missed0' }, { getData: '/missed0' }, { create: '/missed0' }, { create: '/end' }],
    },
    forMs: 0,
  },
];

const away = (sid: number, fault: 'kill' | 'stop', node?: string): Steps[number] => ({
  when: now,
  faults: [{ fault, target: [sid] }],
  keep: `${sid}`,
  ...(node !== undefined && { client: writes(node) }),
  forMs: 0,
  gate: false,
});

const backOn = (sid: number, version?: string): Steps => [
  { when: now, start: [version === undefined ? sid : { sid, version }], forMs: 0, gate: false },
  { when: now, heal: [`${sid}`], forMs: 0 },
];

/** A rolling upgrade, and a server that comes back on either release followed by the end of its leader. */
export function quietWays(way: Way): Named[] {
  const { from, to } = way;
  return [
    {
      name: 'quiet, rolling, each server misses writes',
      about:
        'one client writes while a server is away; nobody writes while it catches up and the leader goes',
      topology: topologyOf(way, { version: from }),
      ...quiet,
      steps: [
        { when: now, client: writes('/before'), forMs: 0 },
        away(3, 'stop', '/missed'),
        ...backOn(3, to),
        away(2, 'stop'),
        { when: { seen: { leader: 'any' } }, forMs: 0, gate: false },
        ...backOn(2, to),
        ...lookFrom(2),
        away(1, 'stop'),
        ...backOn(1, to),
        { when: now, client: { name: 'another', on: 1, do: [{ create: '/after', count: 10 }] }, forMs: 0 },
      ],
    },
    {
      name: 'quiet, a server comes back and its leader goes',
      about: 'one client writes while a server is away; it has caught up when the leader is killed',
      topology: topologyOf(way),
      ...quiet,
      steps: [
        { when: now, client: writes('/before'), forMs: 0 },
        away(3, 'kill', '/missed'),
        ...backOn(3),
        away(2, 'kill'),
        { when: { seen: { leader: 'any' } }, forMs: 0, gate: false },
        ...backOn(2),
        ...lookFrom(2),
      ],
    },
  ];
}
