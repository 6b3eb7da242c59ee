import * as z from 'zod';
import { makeNodes } from './make-nodes.ts';
import { defaultLimitBytes, setDataBytes } from './packet-size.ts';
import { defineWorkload } from './workload.ts';

const params = z.strictObject({
  clients: z.int().min(1).max(20).default(3),
  turnsPerSecond: z.int().min(1).max(100).default(8).describe('per client'),
  sessionTimeoutMs: z.int().min(100).default(4000),
  deadlineMs: z.int().min(100).default(3000).describe('after which the outcome of an operation is unknown'),
  limitBytes: z.int().min(1024).default(defaultLimitBytes).describe('jute.maxbuffer of the servers'),
});
type Params = z.output<typeof params>;

/** Packets around the limit that servers set: one byte below it, at it, and one byte too long. */
export const large = defineWorkload<Params>({
  name: 'large',
  about: 'writes whose packets are one byte below, at, and one byte above jute.maxbuffer, and reads of them',
  params,
  rules: ['packet-limit'],
  clients: ({ clients, ...pace }) => ({ count: clients, ...pace }),
  setUp: (tree, { clients }) =>
    makeNodes(tree, ['/', '/large', ...Array.from({ length: clients }, (_, i) => `/large/n${i}`)], 'made'),
  client(index, random, { limitBytes }) {
    const node = `/large/n${index}`;
    const sizes = [limitBytes - 1, limitBytes, limitBytes + 1];
    let writes = 0;
    return async (tree) => {
      const size = random.pick([...sizes, 0]);
      if (size === 0) await tree.getData(node);
      else {
        const mark = `c${index}-${++writes} `;
        await tree.setData(node, mark.padEnd(size - setDataBytes(tree.lengthOf(node), 0), 'x'));
      }
    };
  },
});
