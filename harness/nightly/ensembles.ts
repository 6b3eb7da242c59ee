import type { Random } from '../base/random.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import { chance, weighted } from './weighted.ts';

/** What a night's scenario begins with: servers, who starts when, and who leads then, as far as that can be known. */
export interface DrawnEnsemble {
  topology: NonNullable<ScenarioInput['topology']>;
  voters: number;
  observers: number;
  begin?: number[];
  formation?: ScenarioInput['formation'];
}

/** Small enough for snapshots to be taken within a scenario, and to be what a late server is sent. */
const snapCounts = [20, 100, 1000];

export function drawEnsemble(random: Random, version: string): DrawnEnsemble {
  const voters = weighted(random, [
    [7, 3],
    [3, 5],
  ] as const);
  const observers = chance(random, 20) ? 1 : 0;
  const topology = {
    voters,
    observers,
    version,
    ...(chance(random, 35) && { separateLogDir: true }),
    ...(chance(random, 40) && { settings: { snapCount: random.pick(snapCounts) } }),
  };
  const late = chance(random, 50) ? lateJoiners(random, voters, observers) : undefined;
  return { topology, voters, observers, ...late };
}

/** Just a quorum at first: all of it is needed, so the highest of its ids leads, and the others find a leader. */
function lateJoiners(random: Random, voters: number, observers: number) {
  const all = Array.from({ length: voters + observers }, (_, i) => i + 1);
  const first = random.shuffle(all.slice(0, voters)).slice(0, Math.floor(voters / 2) + 1);
  const begin = first.sort((a, b) => a - b);
  const start = random.shuffle(all.filter((sid) => !begin.includes(sid)));
  const leader = begin.at(-1)!;
  return { begin, formation: [{ when: { seen: { leader } }, start }] };
}
