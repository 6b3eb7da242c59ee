import { wire } from '../client/foreign/catalogue.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { workloadNamed } from '../workload/catalogue.ts';
import { kafkaRulesFor } from './kafka/catalogue.ts';

/** Promises every scenario puts to the test, whatever its clients do. */
const always = [
  'linearizable-writes',
  'session-order',
  'sync-reads',
  'staleness',
  'durability',
  'replicas-identical',
  'sessions',
  'acknowledged-in-log',
  'logs-agree',
  'epochs-on-disk',
  'one-leader-per-epoch',
  'lawful-winner',
  'quorum-law',
  'leader-steps-down',
  'service-ends',
  'faults-landed',
  'progress',
];

/** What a client library owes whoever calls it. */
const ofLibraries = ['client-answers', 'client-order', 'client-sessions'];

/** The rules a scenario is judged by: its own list, or all that its workload gives something to look at. */
export function rulesOf(
  scenario: Pick<Scenario, 'rules' | 'workload' | 'records' | 'formation' | 'steps' | 'budgets'>,
): string[] {
  if (scenario.rules) return scenario.rules;
  const expects = [...(scenario.formation ?? []), ...scenario.steps].some(
    ({ expect, after }) => expect || after,
  );
  const { use, client = wire } = scenario.workload;
  const own = [...workloadNamed(use).rules, ...(client === wire ? [] : ofLibraries)];
  const ofBrokers = scenario.records ? kafkaRulesFor(scenario.records).map(({ name }) => name) : [];
  const budgets = scenario.budgets ? ['budgets'] : [];
  return [...always, ...(expects ? ['expectations'] : []), ...budgets, ...own, ...ofBrokers];
}
