import type { Capabilities, Capability } from '../backend/backend.ts';
import { faultNamed } from '../fault/catalogue.ts';
import type { FaultCall, Plan, Target } from '../plan/plan.ts';

/** The first thing a plan needs that cannot be done on this site. */
export function lacking(
  plan: Plan,
  capabilities: Capabilities,
): { reason: string; remedy: string } | undefined {
  for (const { what, need } of plan.steps.flatMap(({ when, faults }) => [
    ...('log' in when ? [{ what: 'a step that waits for a log line', need: 'logs' as const }] : []),
    ...faults.flatMap(needsOf),
  ])) {
    const available = capabilities[need];
    if (available !== 'yes') return { reason: `${what}: ${available.no}`, remedy: available.remedy };
  }
  return undefined;
}

function needsOf({ fault: name, target, params }: FaultCall): { what: string; need: Capability }[] {
  const fault = faultNamed(name);
  return [
    ...fault.needs(fault.params.parse(params)).map((need) => ({ what: `fault "${name}"`, need })),
    ...(byId(target) ? [] : [{ what: `target "${target}"`, need: 'roles' as const }]),
  ];
}

/** Whether the target is clear without asking servers what they are. */
const byId = (target: Target) =>
  typeof target !== 'string' || ['any', 'all', 'highest-sid', 'lowest-sid'].includes(target);
