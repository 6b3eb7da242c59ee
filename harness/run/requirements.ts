import type { Capabilities } from '../backend/backend.ts';
import { faultNamed } from '../fault/catalogue.ts';
import type { Plan } from '../plan/plan.ts';

/** The first thing a plan needs that this machine cannot do. */
export function lacking(
  plan: Plan,
  capabilities: Capabilities,
): { reason: string; remedy: string } | undefined {
  for (const { fault: name, params } of plan.steps.flatMap(({ faults }) => faults)) {
    const fault = faultNamed(name);
    for (const need of fault.needs(fault.params.parse(params))) {
      const available = capabilities[need];
      if (available !== 'yes')
        return { reason: `fault "${name}": ${available.no}`, remedy: available.remedy };
    }
  }
  return undefined;
}
