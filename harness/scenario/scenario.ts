import * as z from 'zod';
import { formationStepSchema, stepSchema } from '../plan/plan.ts';
import { topologySchema } from '../topology/topology.ts';
import { recordsSchema } from '../workload/records/params.ts';

/** What clients do. `use` names a workload of the catalogue; the rest are its own parameters, checked by its schema. */
const workloadSchema = z.looseObject({
  use: z.string().default('mixed'),
  /** Whose code talks to the servers: an npm package under test, or a module that adapts one; the harness's own (wire) when absent. */
  client: z.string().optional(),
});

/** One experiment: topology, workload, faults and rules, as data. The same schema reads TypeScript and YAML. */
export const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  about: z.string().default(''),
  /** Claims of the conformance table and other marks ("C08"). */
  tags: z.array(z.string()).default([]),
  /** Decides its draws in place of the run's seed and its name, so that a file alone tells them. */
  seed: z.int().min(0).optional(),
  topology: topologySchema.prefault({}),
  workload: workloadSchema.prefault({}),
  /** What clients of the brokers do, where there are any; the workload is for clients of ZooKeeper. */
  records: recordsSchema.optional(),
  /** Servers that start at once; the others when a step starts them. All when absent. */
  begin: z.array(z.int().min(1)).optional(),
  /** What happens before there are clients. */
  formation: z.array(formationStepSchema).optional(),
  /** Servers nobody waits for and nobody reads: they may never serve (a wrong myid), or belong to another ensemble. */
  outsiders: z.array(z.int().min(1)).optional(),
  /** Clients run this long before the first step and after the last. */
  warmUpMs: z.int().min(0).default(1000),
  coolDownMs: z.int().min(0).default(1000),
  steps: z.array(stepSchema).default([]),
  /** Whether all servers lose power at the end, and everything is read once more. */
  powerOff: z.boolean().default(true),
  /** Whether elections and times without acknowledged writes are held against what this run took to come up. */
  budgets: z.boolean().optional(),
  /** Rules by name; those of the workload and the faults when absent. */
  rules: z.array(z.string()).optional(),
});
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type Scenario = z.infer<typeof scenarioSchema>;

export const suiteSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/, 'use small letters, digits and dashes'),
  about: z.string().default(''),
  scenarios: z.array(scenarioSchema).min(1),
});
export type SuiteInput = z.input<typeof suiteSchema>;
export type Suite = z.infer<typeof suiteSchema>;
