import * as z from 'zod';
import { usage } from '../base/trouble.ts';
import { checkClient } from '../client/foreign/catalogue.ts';
import { faultNamed } from '../fault/catalogue.ts';
import { brokerTargets, type Step, type Target } from '../plan/plan.ts';
import { startOf } from '../plan/start.ts';
import { ruleNamed } from '../rule/catalogue.ts';
import { brokerId, nodeOf } from '../topology/brokers.ts';
import { resolveTopology } from '../topology/resolve.ts';
import type { Topology } from '../topology/topology.ts';
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

function checkScenario(scenario: Scenario, where: string): void {
  const { topology, workload, formation = [], steps, rules = [] } = scenario;
  // Any release will do to find a contradiction in the topology.
  checkServers(scenario, resolveTopology(topology, '3.9.5'), where);
  checkKept([...formation, ...steps], where);
  if (scenario.records && !topology.kafka)
    throw usage(
      `${where}.records`,
      'there are no brokers to send them to',
      'add topology.kafka, or leave them out',
    );
  const { use, client, ...parameters } = workload;
  if (client !== undefined) checkClient(client, `${where}.workload.client`);
  checked(workloadNamed(use, `${where}.workload.use`).params, parameters, `${where}.workload`);
  for (const { faults, field: step } of named({ formation, steps }, where)) {
    for (const [j, call] of faults.entries()) {
      const field = `${step}.faults[${j}]`;
      checked(faultNamed(call.fault, `${field}.fault`).params, call.params, `${field}.params`);
      checkBrokers(call.target, topology.kafka?.brokers ?? 0, `${field}.target`);
    }
  }
  for (const [i, rule] of rules.entries()) ruleNamed(rule, `${where}.rules[${i}]`);
}

const named = ({ formation, steps }: Record<'formation' | 'steps', readonly Step[]>, where: string) => [
  ...formation.map((step, i) => ({ ...step, field: `${where}.formation[${i}]` })),
  ...steps.map((step, i) => ({ ...step, field: `${where}.steps[${i}]` })),
];

/** Every server that is to serve is started, once, before there are clients; and every server named exists. */
function checkServers(scenario: Scenario, { nodes }: Topology, where: string): void {
  const { formation = [], outsiders = [], steps } = scenario;
  const sids = nodes.map(({ sid }) => sid);
  const begin = scenario.begin ?? sids;
  const startsIn = ({ start = [] }: Step) => start.map((each) => startOf(each).sid);
  const started = [...begin, ...formation.flatMap(startsIn)];
  const asked = [...formation, ...steps].flatMap(({ client }) => client?.on ?? []);
  const all = [...started, ...outsiders, ...asked, ...steps.flatMap(startsIn)];
  const stranger = all.find((sid) => !sids.includes(sid));
  if (stranger !== undefined)
    throw usage(where, `there is no server ${stranger}`, `use ids from 1 to ${sids.length}`);
  const never = sids.find((sid) => !started.includes(sid) && !outsiders.includes(sid));
  if (never !== undefined) {
    throw usage(
      where,
      `server ${never} never starts`,
      'name it in begin, in a start of the formation, or as an outsider',
    );
  }
}

/** Brokers that a fault is to hit exist. */
function checkBrokers(target: Target, brokers: number, field: string): void {
  if (typeof target === 'object' && !Array.isArray(target)) return;
  const names = [target].flat().filter((each) => typeof each === 'string');
  const stranger = names.find((name) =>
    /^kafka\d$/.test(name) ? brokerId(nodeOf(name)) > brokers : brokerTargets.includes(name) && brokers === 0,
  );
  if (stranger === undefined) return;
  const reason = brokers === 0 ? 'there are no brokers' : `there are only ${brokers} brokers`;
  throw usage(`${field} "${stranger}"`, reason, 'add them with topology.kafka, or name another');
}

/** A fault is kept under a name of its own, and healed by it later. */
function checkKept(steps: readonly Step[], where: string): void {
  const open = new Set<string>();
  for (const { heal = [], keep } of steps) {
    for (const name of heal) {
      if (open.delete(name)) continue;
      throw usage(
        `${where}: heal "${name}"`,
        'no fault is kept open under that name',
        'name one of an earlier "keep"',
      );
    }
    if (keep === undefined) continue;
    if (open.has(keep)) throw usage(`${where}: keep "${keep}"`, 'that name is taken', 'give it another');
    open.add(keep);
  }
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
