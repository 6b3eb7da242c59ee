import { usage } from '../base/trouble.ts';
import { idle } from './idle.ts';
import { locks } from './locks.ts';
import { mixed } from './mixed.ts';
import type { Workload } from './workload.ts';

/** Every workload there is. */
export const workloads: readonly Workload[] = [mixed, locks, idle];

export function workloadNamed(name: string, field = 'workload.use'): Workload {
  const workload = workloads.find((candidate) => candidate.name === name);
  if (workload) return workload;
  const known = workloads.map((candidate) => candidate.name).join(', ');
  throw usage(`${field} "${name}"`, 'there is no such workload', `use one of ${known}`);
}
