/** Where the workload "locks" works, below the root: a folder of queues, and a node for each that only its holder writes. */
export const lockTree = { locks: '/locks', guarded: '/guarded' } as const;

/** A client's place in a queue: the ten digits its node's name ends with. */
export const numberOf = (name: string) => Number(name.slice(-10));
