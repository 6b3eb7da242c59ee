import * as z from 'zod';
import type { Cut, Place } from '../backend/backend.ts';
import { isBroker } from '../topology/brokers.ts';
import { portClasses } from '../topology/topology.ts';
import { cutFault } from './cut-fault.ts';

const params = z.strictObject({
  direction: z
    .enum(['both', 'from', 'to'])
    .default('both')
    .describe('packets from the victims, to them, or both'),
  ports: z.array(z.enum(portClasses)).min(1).optional().describe('only these kinds of traffic'),
  clients: z.boolean().default(false).describe('clients lose the victims too'),
  peers: z.boolean().default(true).describe('the other servers lose the victims'),
  layer: z
    .enum(['zookeeper', 'brokers'])
    .optional()
    .describe('only servers of ZooKeeper, or only brokers, lose the victims'),
});

/** Each victim loses every other server (and each other victim); clients stay connected unless told otherwise. */
export const isolate = cutFault({
  name: 'isolate',
  about:
    'cut servers off from all others: both ways or one, all traffic or some ports, with or without clients',
  params,
  cuts({ ensemble }, victims, { direction, ports, clients, peers, layer }) {
    const inLayer = (node: number) => layer === undefined || isBroker(node) === (layer === 'brokers');
    const others: Place[] = peers ? ensemble.nodes.filter(inLayer) : [];
    const far: Place[] = clients ? [...others, 'clients'] : others;
    const cuts: Cut[] = [];
    for (const victim of victims) {
      for (const place of far.filter((place) => place !== victim)) {
        for (const port of ports ?? (['all'] as const)) {
          if (direction !== 'to') cuts.push({ from: victim, to: place, ports: port });
          if (direction !== 'from') cuts.push({ from: place, to: victim, ports: port });
        }
      }
    }
    return distinct(cuts);
  },
});

/** Two victims cut each other twice; once is enough. */
function distinct(cuts: readonly Cut[]): Cut[] {
  return [...new Map(cuts.map((cut) => [`${cut.from}>${cut.to}:${cut.ports}`, cut])).values()];
}
