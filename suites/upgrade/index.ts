import { defineSuite } from '../../harness/scenario/define.ts';
import type { Suite } from '../../harness/scenario/scenario.ts';
import { alone, operations } from './alone.ts';
import { underBrokers } from './brokers.ts';
import { quietWays } from './quiet.ts';
import { rolling, thereAndBack } from './rolling.ts';
import { stopped } from './stopped.ts';
import type { Way } from './way.ts';

/** What part of an upgrade a scenario is: its first tag. */
export const parts = ['alone', 'rolling', 'back', 'stopped', 'quiet', 'operations', 'brokers'] as const;
type Part = (typeof parts)[number];

/** Everything that is tried before an upgrade; scenarios that name no release are for both. */
export function upgradeSuite(way: Way, times: number): Suite {
  const scenarios = {
    operations: operations(way),
    quiet: quietWays(way),
    alone: alone(way, times),
    rolling: rolling(way),
    stopped: stopped(way),
    back: thereAndBack(way),
    brokers: underBrokers(way),
  } satisfies Record<Part, unknown>;
  return defineSuite(
    {
      name: 'upgrade',
      about: `from ${way.from} to ${way.to}: each release alone, the way there, and the way back`,
      scenarios: parts.flatMap((part) => scenarios[part].map((each) => ({ ...each, tags: [part] }))),
    },
    'upgrade',
  );
}
