import * as z from 'zod';

/** What a server has on its disk before its first start, so that an election begins in a state that is known exactly. */
export const storedStateSchema = z.strictObject({
  log: z
    .array(z.tuple([z.int().min(1).max(0x7fff_ffff), z.int().min(1).max(100_000)]))
    .default([])
    .describe('transactions by epoch, oldest first: [[1, 8]] is zxids 0x100000001 to 0x100000008'),
  currentEpoch: z
    .int()
    .min(0)
    .optional()
    .describe('the epoch it last followed; that of its last transaction when absent'),
  acceptedEpoch: z
    .int()
    .min(0)
    .optional()
    .describe('the epoch it last promised to; currentEpoch when absent'),
});
export type StoredState = z.infer<typeof storedStateSchema>;

/** A file to be found by a server when it starts: below dataDir, or where the transaction logs are. */
export interface StoredFile {
  area: 'data' | 'log';
  path: string;
  bytes: Uint8Array;
}

/**
 * Why no ensemble can hold these together; undefined when one can. Epochs grow, and what two servers hold of one epoch
 * begins alike only if they hold the same of every epoch before it.
 */
export function contradictionIn(states: ReadonlyMap<number, StoredState>): string | undefined {
  for (const [sid, { log, currentEpoch, acceptedEpoch }] of states) {
    const epochs = log.map(([epoch]) => epoch);
    if (epochs.some((epoch, i) => i > 0 && epoch <= epochs[i - 1]!))
      return `the epochs of server ${sid} do not grow`;
    const last = epochs.at(-1) ?? 0;
    const current = currentEpoch ?? last;
    if (current < last)
      return `server ${sid} has transactions of epoch ${last} and a currentEpoch of ${current}`;
    if ((acceptedEpoch ?? current) < current)
      return `the acceptedEpoch of server ${sid} is below its currentEpoch`;
  }
  const all = [...states];
  for (const [a, { log: one }] of all) {
    for (const [b, { log: other }] of all) {
      const shared = one.filter(([epoch]) => other.some(([its]) => its === epoch)).map(([epoch]) => epoch);
      const before = (log: StoredState['log']) =>
        JSON.stringify(log.filter(([epoch]) => epoch < Math.max(...shared)));
      if (shared.length > 0 && before(one) !== before(other)) {
        return `servers ${a} and ${b} both have epoch ${Math.max(...shared)}, but not the same before it`;
      }
    }
  }
  return undefined;
}
