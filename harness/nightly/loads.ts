import type { Random } from '../base/random.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import { atLeast } from '../topology/version.ts';
import { chance, weighted } from './weighted.ts';

type Load = NonNullable<ScenarioInput['workload']> & { use: string };

/** jute.maxbuffer where writes are large: what a leader keeps for a server that is away must fit into its memory. */
const largeBytes = 65_536;

/**
 * Workloads whose clients work by themselves. The recipes come one as often as the other. Not among them: mortals, whose
 * nodes take longer to vanish than a scenario lasts.
 */
const loads: readonly (readonly [share: number, load: (random: Random, version: string) => Load])[] = [
  [
    12,
    (random, version) => ({
      use: 'mixed',
      clients: random.pick([2, 5, 9]),
      // Fewer, and in a short scenario some rule has nothing to look at.
      turnsPerSecond: random.pick([30, 80]),
      ...(atLeast(version, '3.6.0') && chance(random, 50) && { persistentWatches: true }),
    }),
  ],
  [3, () => ({ use: 'locks' })],
  [1, () => ({ use: 'latch' })],
  [1, () => ({ use: 'barrier' })],
  [1, () => ({ use: 'queue' })],
  [1, () => ({ use: 'config' })],
  [1, () => ({ use: 'members' })],
  [1, () => ({ use: 'naming' })],
  [1, () => ({ use: 'balance' })],
  [2, () => ({ use: 'kinds' })],
  [2, () => ({ use: 'large', limitBytes: largeBytes })],
];

/** Flags that servers need for it. */
export const flagsFor = ({ use }: { use: string }): string[] =>
  use === 'large' ? [`-Djute.maxbuffer=${largeBytes}`] : [];

export const drawLoad = (random: Random, version: string): Load => weighted(random, loads)(random, version);
