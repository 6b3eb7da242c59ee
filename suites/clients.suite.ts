import { foreignClients } from '../harness/client/foreign/catalogue.ts';
import { defineSuite } from '../harness/scenario/define.ts';
import type { ScenarioInput } from '../harness/scenario/scenario.ts';

/** What a client library has to live through. Each process takes about 100 MB, so there are few of them. */
const accidents: { name: string; steps: NonNullable<ScenarioInput['steps']> }[] = [
  { name: 'nothing happens', steps: [] },
  {
    name: 'the leader is killed',
    steps: [{ faults: [{ fault: 'kill', target: 'leader' }], forMs: 2500 }],
  },
  {
    name: 'a follower is frozen',
    // Beyond the session timeout of 4 s: what hangs on it must notice by itself.
    steps: [{ faults: [{ fault: 'pause', target: 'follower' }], forMs: 6000 }],
  },
  {
    name: 'the leader is cut off with its clients',
    steps: [{ faults: [{ fault: 'isolate', target: 'leader', params: { clients: true } }], forMs: 4500 }],
  },
  {
    name: 'every node is restarted in turn',
    steps: [1, 2, 3].map((sid) => ({ faults: [{ fault: 'restart', target: [sid] }], forMs: 0 })),
  },
];

/** Client libraries from npm under the same load and the same accidents as the harness's own client. */
export const clients = defineSuite(
  {
    name: 'clients',
    about:
      'npm client libraries under test: what they lose, reorder or make up is told apart from the servers',
    scenarios: foreignClients.flatMap((client) =>
      accidents.map(({ name, steps }) => ({
        name: `${client}: ${name}`,
        workload: { use: 'mixed', client, clients: 3, turnsPerSecond: 40 },
        warmUpMs: 3000,
        coolDownMs: 2000,
        steps,
      })),
    ),
  },
  'clients',
);
