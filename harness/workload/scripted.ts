import * as z from 'zod';
import { makeNodes } from './make-nodes.ts';
import { defineWorkload } from './workload.ts';

/** For scenarios in which one operation more would be one too many. */
export const scripted = defineWorkload<Record<string, never>>({
  name: 'scripted',
  about: 'no clients but those that steps name, which do what the steps say and nothing else',
  params: z.strictObject({}),
  rules: [],
  clients: () => ({ count: 0, turnsPerSecond: 1, sessionTimeoutMs: 4000, deadlineMs: 3000 }),
  setUp: (tree) => makeNodes(tree, ['/'], 'made'),
  client: () => async () => undefined,
});
