import * as z from 'zod';
import { usage } from '../base/trouble.ts';
import { faultNamed } from '../fault/catalogue.ts';
import { ruleNamed } from '../rule/catalogue.ts';
import { resolveTopology } from '../topology/resolve.ts';
import { workloadNamed } from '../workload/catalogue.ts';
import { type Scenario, type Suite, type SuiteInput, suiteSchema } from './scenario.ts';

/** Checks a suite from front to back, so that a mistake is named before anything starts. */
export function defineSuite(input: SuiteInput, where = 'suite'): Suite {
  const suite = checked(suiteSchema, input, where);
  for (const [i, scenario] of suite.scenarios.entries()) checkScenario(scenario, `${where}: scenarios[${i}]`);
  const names = suite.scenarios.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw usage(`${where}: scenario "${twice}"`, 'the name stands twice', 'give it another');
  return suite;
}

function checkScenario({ topology, workload, steps, rules = [] }: Scenario, where: string): void {
  // Any release will do to find a contradiction in the topology.
  resolveTopology(topology, '3.9.5');
  const { use, ...parameters } = workload;
  checked(workloadNamed(use, `${where}.workload.use`).params, parameters, `${where}.workload`);
  for (const [i, { faults }] of steps.entries()) {
    for (const [j, call] of faults.entries()) {
      const field = `${where}.steps[${i}].faults[${j}]`;
      checked(faultNamed(call.fault, `${field}.fault`).params, call.params, `${field}.params`);
    }
  }
  for (const [i, rule] of rules.entries()) ruleNamed(rule, `${where}.rules[${i}]`);
}

/** Parses, or says which field is wrong, what was expected there, and nothing else. */
function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = z.core.toDotPath(issue?.path ?? []);
  const more = result.error.issues.length > 1 ? ` (and ${result.error.issues.length - 1} more)` : '';
  const reason = `${issue?.message ?? 'does not fit'}${more}`;
  throw usage(field === '' ? where : `${where}.${field}`, reason, 'correct the field', result.error);
}
