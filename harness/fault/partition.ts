import * as z from 'zod';
import type { Cut } from '../backend/backend.ts';
import { cutFault } from './cut-fault.ts';

const params = z.strictObject({
  groups: z
    .array(z.array(z.int().min(1)).min(1))
    .min(2)
    .optional()
    .describe('server ids by side; without it the victims are one side and all others the other'),
});

/** Servers of different sides lose each other; inside a side, and to clients, nothing changes. */
export const partition = cutFault({
  name: 'partition',
  about: 'split the servers into sides that do not hear each other',
  params,
  cuts({ ensemble }, victims, { groups }) {
    const rest = ensemble.nodes.filter((sid) => !victims.includes(sid));
    return between(groups ?? [[...victims], rest]);
  },
});

/** A server that hears both sides, between two sides that do not hear each other. */
export const bridge = cutFault({
  name: 'bridge',
  about: 'split all other servers into two halves that only the victim still hears',
  params: z.strictObject({}),
  cuts({ ensemble, random }, victims) {
    const rest = random.shuffle(ensemble.nodes.filter((sid) => !victims.includes(sid)));
    const half = Math.ceil(rest.length / 2);
    return between([rest.slice(0, half), rest.slice(half)]);
  },
});

function between(groups: readonly (readonly number[])[]): Cut[] {
  return groups.flatMap((side, i) =>
    groups
      .filter((_, j) => j !== i)
      .flatMap((other) => side.flatMap((from) => other.map((to) => ({ from, to, ports: 'all' as const })))),
  );
}
