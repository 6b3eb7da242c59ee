/** Where each recipe works, below the root: what its clients and its rule both must know. */
export const latchTree = { candidates: '/latch/candidates', acts: '/latch/acts' } as const;
export const barrierTree = { rounds: '/barrier' } as const;
export const queueTree = { items: '/queue/items', taken: '/queue/taken' } as const;
export const configTree = { current: '/config/current', applied: '/config/applied' } as const;
export const membersTree = { members: '/members' } as const;
export const namingTree = {
  given: '/naming/given',
  counter: '/naming/counter',
  used: '/naming/used',
} as const;
export const balanceTree = { workers: '/balance/workers', tasks: '/balance/tasks' } as const;

/** What each participant of a round marks, in this order: "here-c3". */
export const barrierMarks = ['here', 'in', 'done', 'out'] as const;
export type BarrierMark = (typeof barrierMarks)[number];

/** Every node a recipe needs, those above it included. */
export function withParents(paths: readonly string[]): string[] {
  const all = paths.flatMap((path) =>
    path.split('/').map((_, depth, parts) => parts.slice(0, depth + 1).join('/') || '/'),
  );
  return [...new Set(all)];
}
