import type { History } from '../history/history.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../run/journal-entry.ts';
import type { StoredScenario } from '../run/run-directory.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import { workloadNamed } from '../workload/catalogue.ts';
import { beginningWith } from './first-leader.ts';
import { landmarksOf } from './moments.ts';
import { recordedStep } from './recorded-steps.ts';
import { topologyInput } from './topology-input.ts';

/** What a run left of one scenario; all of it is in its folder. */
export interface Recording {
  scenario: StoredScenario;
  plan: Plan;
  journal: readonly JournalEntry[];
  ledger: Ledger;
  history: History;
}

/**
 * The scenario as it went, as a scenario: the same servers, clients and draws; the server that led first leads first;
 * faults hit whom they hit, after what they followed. What is left to the clock is what nothing else tells.
 */
export function recordedScenario({ scenario, plan, journal, ledger, history }: Recording): ScenarioInput {
  const { topology, records, begin, formation, outsiders, rules } = scenario;
  const { use, client: _, ...params } = scenario.workload;
  const workload = workloadNamed(use);
  const clientsWork = workload.clients(workload.params.parse(params)).count > 0;
  const landmarks = landmarksOf(ledger, history, clientsWork);
  const [first] = ledger.reigns;
  const again = first && !begin && !formation ? beginningWith(first.leader, topology) : {};
  return {
    name: scenario.name,
    about: scenario.about,
    tags: scenario.tags,
    seed: plan.seed,
    topology: topologyInput(topology),
    workload: scenario.workload,
    ...(records && { records }),
    ...again,
    ...(begin && { begin }),
    // Steps of a formation wait for what is seen, or for nothing.
    ...(formation && { formation }),
    ...(outsiders && { outsiders }),
    warmUpMs: scenario.warmUpMs,
    steps: plan.steps.map((step) => recordedStep(step, journal, landmarks)),
    coolDownMs: scenario.coolDownMs,
    powerOff: scenario.powerOff,
    ...(rules && { rules }),
  };
}
