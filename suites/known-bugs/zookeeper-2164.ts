import { type Recipe, scripted } from './recipe.ts';

/** Once its process is up, a server that can come back takes a second or two. */
const rejoinsMs = 12_000;

/**
 * A server tells another where to call it as soon as it has called, and the one with the higher id hangs up and calls
 * back. Told 0.0.0.0, which stands in the caller's own line, it calls itself (ZOOKEEPER-2164; fixed in 3.5.8 and 3.6.1).
 */
export const zookeeper2164: Recipe = {
  id: 'ZOOKEEPER-2164',
  breaks:
    'a server that has 0.0.0.0 for itself in its zoo.cfg is restarted, and never joins the others again',
  bad: '3.5.7',
  healthy: '3.5.8',
  caughtBy: ['expectations'],
  scenario: (version) => ({
    topology: { version, nodes: { 1: { ownHost: '0.0.0.0' } } },
    ...scripted,
    // The first server has to be there when the others come: they call it, at the address they know.
    begin: [1],
    formation: [
      { when: { seen: { roles: { '1': 'electing' } } }, start: [3] },
      { when: { seen: { leader: 3 } }, start: [2] },
    ],
    powerOff: false,
    steps: [
      { when: { afterMs: 0 }, client: { on: 1, do: [{ create: '/x' }] }, forMs: 0 },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: [1] }],
        keep: 'first',
        forMs: 0,
        gate: false,
      },
      { when: { afterMs: 0 }, start: [1], forMs: 0, gate: false },
      {
        when: { seen: { roles: { '1': ['electing', 'follower'] } } },
        expect: [{ roles: { '1': 'follower' }, withinMs: rejoinsMs }],
        forMs: 0,
        gate: false,
      },
      // Those who start anew call everybody.
      { when: { afterMs: 0 }, faults: [{ fault: 'kill', target: [2, 3] }], forMs: 0, gate: false },
      { when: { afterMs: 0 }, heal: ['first'], forMs: 0 },
      {
        when: { afterMs: 0 },
        client: { name: 'another', on: 1, do: [{ sync: '/x' }, { getData: '/x' }, { create: '/end' }] },
        forMs: 0,
      },
    ],
  }),
};
