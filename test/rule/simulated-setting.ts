import type { Reign } from '../../harness/ledger/ledger.ts';
import type { Evidence } from '../../harness/rule/rule.ts';
import type { Topology } from '../../harness/topology/topology.ts';
import { simulatedElections } from './simulated-elections.ts';

/** What surrounds a simulated run: voters, scenario, a ledger of its reigns and of the elections that made them. */
export function simulatedSetting(
  sids: readonly number[],
  reigns: Reign[],
  committed: readonly number[],
): Pick<Evidence, 'origin' | 'scenario' | 'topology' | 'roles' | 'ledger' | 'lacks'> {
  const topology: Topology = {
    nodes: sids.map((sid) => ({
      sid,
      kind: 'voter',
      version: '3.9.5',
      weight: 1,
      group: undefined,
      jvmFlags: [],
    })),
    ports: { client: 2181, quorum: 2888, election: 3888 },
    separateLogDir: false,
    settings: { tickTime: '300', initLimit: '10', syncLimit: '6' },
  };
  const understood = Object.fromEntries(sids.map((sid) => [sid, 100]));
  return {
    origin: { monotonicNs: '0', wallMs: 0 },
    scenario: {
      name: 'simulated',
      about: '',
      tags: [],
      workload: { use: 'mixed' },
      warmUpMs: 1,
      coolDownMs: 1,
      steps: [],
      powerOff: true,
    },
    topology,
    roles: [],
    ledger: { reigns, elections: simulatedElections(reigns, committed), spans: [], understood, alarms: [] },
    lacks: {},
  };
}
