import type { Capabilities, Capability } from '../backend/backend.ts';
import { installRemedy, wire } from '../client/foreign/catalogue.ts';
import { NotLoaded, startLibrary } from '../client/foreign/process.ts';
import { faultNamed } from '../fault/catalogue.ts';
import { type Expectation, expectationInWords } from '../plan/expectation.ts';
import { type FaultCall, type Plan, type PlannedStep, type Target, targetInWords } from '../plan/plan.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type NodeSpec, nodeName, type Topology } from '../topology/topology.ts';
import { atLeast, isVersion } from '../topology/version.ts';
import { workloadNamed } from '../workload/catalogue.ts';

/** Why the client under test cannot be used here; loading it is the only way to know. */
export async function clientLacking(client = wire): Promise<{ reason: string; remedy: string } | undefined> {
  if (client === wire) return undefined;
  try {
    const library = await startLibrary(client, nobody, nobody);
    library.kill();
    return undefined;
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    return { reason: error.message, remedy: installRemedy(client) };
  }
}

const nobody = () => undefined;

/** The first thing a plan needs that cannot be done on this site. */
export function lacking(
  plan: Plan,
  { nodes, kafka, data }: Pick<Topology, 'nodes' | 'kafka' | 'data'>,
  capabilities: Capabilities,
): { reason: string; remedy: string } | undefined {
  const steps = [...(plan.formation ?? []), ...plan.steps];
  const brokers: Need[] = kafka ? [{ what: 'a topology with brokers', need: 'brokers' }] : [];
  const needs = [
    ...brokers,
    ...needsOfData(data),
    ...nodes.flatMap(needsOfNode),
    ...steps.flatMap(needsOfStep),
  ];
  for (const { what, need } of needs) {
    const available = capabilities[need];
    if (available !== 'yes') return { reason: `${what}: ${available.no}`, remedy: available.remedy };
  }
  return undefined;
}

/** Why the servers' releases do not have what the workload uses. */
export function tooOld(
  { use }: Scenario['workload'],
  { nodes }: Pick<Topology, 'nodes'>,
): { reason: string; remedy: string } | undefined {
  const { since } = workloadNamed(use);
  const old = since && nodes.find(({ version }) => !isVersion(version) || !atLeast(version, since.release));
  if (!old) return undefined;
  const what = isVersion(old.version) ? old.version : 'of an unknown release';
  return {
    reason: `workload "${use}": ${nodeName(old.sid)} is ${what}, and ${since.reason}`,
    remedy: `use ${since.release} or later`,
  };
}

/** Why records cannot be sent: servers of somebody else have no brokers that we know of. */
export function brokersLacking(
  { records }: Pick<Scenario, 'records'>,
  { kafka }: Pick<Topology, 'kafka'>,
): { reason: string; remedy: string } | undefined {
  if (!records || kafka) return undefined;
  return { reason: 'records: no brokers are known here', remedy: 'run it with --backend sandbox' };
}

interface Need {
  what: string;
  need: Capability;
}

function needsOfData(data: string | undefined): Need[] {
  return data === undefined ? [] : [{ what: `servers with a copy of ${data}`, need: 'disks' }];
}

function needsOfNode({ sid, at, stored, myid }: NodeSpec): Need[] {
  const disk = `the disk of ${nodeName(sid)} before its start`;
  return [
    ...(stored || typeof myid === 'string' ? [{ what: disk, need: 'disks' as const }] : []),
    ...(at === undefined
      ? []
      : [{ what: `${nodeName(sid)} at the address of ${nodeName(at)}`, need: 'shared-address' as const }]),
    ...(myid === null ? [{ what: `${nodeName(sid)} without a myid`, need: 'no-myid' as const }] : []),
  ];
}

function needsOfStep({ when, start, client, faults, expect = [], after = [] }: PlannedStep): Need[] {
  return [
    ...('seen' in when ? needsOfExpectation(when.seen) : []),
    ...('log' in when ? [{ what: 'a step that waits for a log line', need: 'logs' as const }] : []),
    // Releases up to 3.4.6 take it for the root of all trees, which is not ours there.
    ...(client?.do.some((doing) => 'setData' in doing && doing.setData === '')
      ? [{ what: 'a setData without a path', need: 'disks' as const }]
      : []),
    ...(start ? [{ what: 'a step that starts servers', need: 'signals' as const }] : []),
    ...faults.flatMap(needsOf),
    ...[...expect, ...after].flatMap(needsOfExpectation),
  ];
}

function needsOfExpectation(expectation: Expectation): Need[] {
  if ('writes' in expectation) return [];
  const need = 'log' in expectation || 'quiet' in expectation || 'exited' in expectation ? 'logs' : 'roles';
  return [{ what: `to see that ${expectationInWords(expectation)}`, need }];
}

function needsOf({ fault: name, target, params }: FaultCall): Need[] {
  const fault = faultNamed(name);
  return [
    ...fault.needs(fault.params.parse(params)).map((need) => ({ what: `fault "${name}"`, need })),
    ...(byId(target) ? [] : [{ what: `target "${targetInWords(target)}"`, need: 'roles' as const }]),
  ];
}

/** Whether the target is clear without asking servers what they are. */
const byId = (target: Target) =>
  typeof target === 'string'
    ? ['any', 'all', 'highest-sid', 'lowest-sid'].includes(target)
    : Array.isArray(target) || target.role === undefined;
