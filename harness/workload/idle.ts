import * as z from 'zod';
import { makeNodes } from './make-nodes.ts';
import { defineWorkload } from './workload.ts';

/**
 * Clients that connect and do nothing: the canary of the judge. A scenario with it has nothing to show and must end as
 * `invalid`, never as a pass.
 */
export const idle = defineWorkload<Record<string, never>>({
  name: 'idle',
  about: 'clients that connect and do nothing: proves that a run without operations is invalid',
  params: z.strictObject({}),
  rules: [],
  clients: () => ({ count: 3, turnsPerSecond: 10, sessionTimeoutMs: 4000, deadlineMs: 3000 }),
  setUp: (tree) => makeNodes(tree, ['/'], 'made'),
  client: () => async () => undefined,
});
