import type { ScenarioInput } from '../../harness/scenario/scenario.ts';

export type Step = NonNullable<ScenarioInput['steps']>[number];
export type Expected = NonNullable<Step['expect']>[number];

/** Few clients: a claim is about servers, and several scenarios share the machine. */
const fewClients = { use: 'mixed', clients: 5, turnsPerSecond: 40 };

/** What a scenario of a claim has in common. Where the claim is about what survives, all lose power at the end, too. */
export const brief = { workload: fewClients, warmUpMs: 1000, coolDownMs: 1000, powerOff: false } as const;

/** Clients are served. */
export const served: Expected = { writes: 'acknowledged' };

/**
 * Nobody is served, and nobody leads. A leader that lost its quorum steps down within syncLimit ticks and one tick for
 * the check (Leader.lead), 2.1 s with the harness's settings.
 */
export const notServed: Expected[] = [
  { leader: 'none', forMs: 1500 },
  { writes: 'none', forMs: 1500 },
];

/** The ensemble went on as if nothing had happened. */
export const undisturbed: Expected[] = [{ leader: 'same' }, { epoch: 'same' }, served];

/** Long enough for an election among those that are left. */
export const elected: Expected[] = [{ leader: 'other' }, { epoch: 'new' }, served];
