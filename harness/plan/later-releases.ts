import type { Step } from './plan.ts';
import { startOf } from './start.ts';

/** Releases that steps start servers on, beside those of the topology. */
export function laterReleases(steps: readonly Pick<Step, 'start' | 'faults'>[]): string[] {
  return steps.flatMap(({ start = [], faults }) => [
    ...start.flatMap((each) => startOf(each).version ?? []),
    ...faults.flatMap(({ params }) => (typeof params.version === 'string' ? params.version : [])),
  ]);
}
