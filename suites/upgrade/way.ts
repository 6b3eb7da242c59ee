import type { ScenarioInput } from '../../harness/scenario/scenario.ts';
import { settingsOf } from '../../harness/topology/zoo-cfg.ts';

/** From which release to which, on what the operator has. */
export interface Way {
  from: string;
  to: string;
  /** Lines of the operator's zoo.cfg that hold here, too. */
  settings: Record<string, string>;
  /** A data directory that every server begins with a copy of. */
  data?: string;
  /** Release of the brokers on top; none when absent. */
  kafka?: string;
}

export type Named = Omit<ScenarioInput, 'tags'>;
export type Steps = NonNullable<ScenarioInput['steps']>;

/** What every scenario of a way has in common. `version` is absent where it is run on both releases. */
export function topologyOf(
  { settings, data }: Way,
  { version, separateLogDir = false }: { version?: string; separateLogDir?: boolean } = {},
): NonNullable<ScenarioInput['topology']> {
  return {
    voters: 3,
    separateLogDir,
    settings,
    ...(version !== undefined && { version }),
    ...(data !== undefined && { data }),
  };
}

/** Far below what three servers and their clients do on two cores, so that latencies are those of servers with time. */
export const load = { use: 'mixed', clients: 6, turnsPerSecond: 40 } as const;

/** The others elect, and clients come back, while a killed server is away. */
const goneMs = 1500;
/** Until a leader that was cut off has stepped down, and the others have elected: syncLimit and one tick, and as `goneMs`. */
function cutOffMs({ settings, from }: Way): number {
  const { tickTime, syncLimit } = settingsOf({ settings }, from);
  return (Number(syncLimit) + 1) * Number(tickTime) + goneMs;
}

const soon = { afterMs: 600, jitterMs: 400 };

/** The faults of every stage: each begins when all servers serve, and ends when they do again. */
export const leaderKilled: Steps = [
  { when: soon, faults: [{ fault: 'kill', target: 'leader' }], forMs: goneMs },
];
export const cutOff = (way: Way, role: 'leader' | 'follower'): Steps => [
  { when: soon, faults: [{ fault: 'isolate', target: role }], forMs: cutOffMs(way) },
];

/** One server of a release, in a role if that matters, ends in order and comes back on another release. */
export const move = (on: string, version: string, role?: 'leader' | 'follower'): Steps => [
  {
    when: soon,
    faults: [{ fault: 'restart', target: role ? { on, role } : { on }, params: { version } }],
    forMs: 0,
  },
];
