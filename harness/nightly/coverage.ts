import type { ZabPhase } from '../ledger/ledger.ts';

/** One thing that was seen to happen: a fault that hit a server, as what it was then, while the ensemble was in a phase of Zab. */
export interface Cell {
  fault: string;
  /** What the server said it was just before: leader, follower, observer, electing... */
  role: string;
  phase: ZabPhase;
  /** Release of the server. */
  version: string;
  workload: string;
}

/** How often each cell was seen; each stands once. */
export type Coverage = readonly (Cell & { times: number })[];

const keyOf = ({ fault, role, phase, version, workload }: Cell) =>
  [fault, role, phase, version, workload].join(' ');

/** Both together, sorted, so that the same cells give the same file. */
export function added(one: Coverage, other: Coverage): Coverage {
  const all = new Map<string, Cell & { times: number }>();
  for (const cell of [...one, ...other]) {
    const key = keyOf(cell);
    all.set(key, { ...cell, times: cell.times + (all.get(key)?.times ?? 0) });
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}

/** How often anything that fits was seen. */
export function timesOf(coverage: Coverage, like: Partial<Cell>): number {
  const wanted = Object.entries(like) as [keyof Cell, string][];
  return coverage
    .filter((cell) => wanted.every(([key, value]) => cell[key] === value))
    .reduce((sum, { times }) => sum + times, 0);
}
