import * as z from 'zod';

const node = z
  .string()
  .regex(/^\/[^/]/, 'must be the name of a node below the root of the scenario, as "/x"');

/** More than one: `/x` with 3 is `/x0`, `/x1` and `/x2`, all sent at once. */
const many = {
  count: z.int().min(1).max(100_000).optional().describe('as many nodes, numbered from 0'),
  /** Long paths are what fills a transaction that lists them. */
  pathBytes: z
    .int()
    .min(1)
    .max(4096)
    .optional()
    .describe('zeros before the number fill paths up to this length'),
};

/** One thing a client is told to do. */
const doingSchema = z.union([
  z.strictObject({
    create: node,
    data: z.string().default(''),
    ephemeral: z.boolean().default(false),
    sequential: z.boolean().default(false),
    together: z.boolean().default(false).describe('all of them in one multi'),
    ...many,
  }),
  z
    .strictObject({
      setData: z.union([node, z.literal('').describe('no path, as no client library sends it')]),
      data: z.string().default(''),
      ...many,
    })
    .refine(({ setData, count, pathBytes }) => setData !== '' || (count ?? pathBytes) === undefined, {
      message: 'what has no path cannot be numbered or filled up',
    }),
  z.strictObject({ delete: node, ...many }),
  z.strictObject({ getData: node, ...many }),
  z.strictObject({ sync: node, ...many }),
  z.strictObject({ check: node.describe('a request of its own, which no client library sends'), ...many }),
  z.strictObject({ close: z.literal(true).describe('ends the session') }),
]);
export type Doing = z.infer<typeof doingSchema>;

/**
 * What one client does in a step, by name: it keeps its session from step to step, and takes it to the server that is
 * named. Recorded like every operation; what comes of it is for the rules.
 */
export const actSchema = z.strictObject({
  name: z.string().min(1).default('client').describe('whose session; another name is another client'),
  on: z.int().min(1).describe('the server that is asked'),
  do: z.array(doingSchema).min(1).describe('one after the other'),
  wait: z.boolean().default(true).describe('whether the step goes on only when all is answered'),
  readOnly: z
    .boolean()
    .default(false)
    .describe('whether a server without a quorum may take the session, for reads'),
  deadlineMs: z.int().min(100).default(10_000).describe('after which the outcome of an operation is unknown'),
  sessionTimeoutMs: z.int().min(100).max(40_000).default(30_000),
});
export type Act = z.infer<typeof actSchema>;

/** The node it is done to, or the first of many. */
export function nodeOf(doing: Exclude<Doing, { close: true }>): string {
  if ('create' in doing) return doing.create;
  if ('setData' in doing) return doing.setData;
  if ('delete' in doing) return doing.delete;
  if ('getData' in doing) return doing.getData;
  return 'sync' in doing ? doing.sync : doing.check;
}

/** "client on zk2: create /x 10 times, close". */
export function actInWords({ name, on, do: doings, wait, readOnly }: Act): string {
  const each = doings.map((doing) => {
    if ('close' in doing) return 'close';
    const times = doing.count === undefined ? '' : ` ${doing.count} times`;
    const together = 'create' in doing && doing.together ? ' in one multi' : '';
    return `${Object.keys(doing)[0]} ${nodeOf(doing) || 'without a path'}${times}${together}`;
  });
  return `${name} on zk${on}${readOnly ? ' (read-only will do)' : ''}: ${each.join(', ')}${wait ? '' : ', without waiting'}`;
}
