import type { Exit } from '../backend/backend.ts';
import { WaitedInVain } from '../base/wait.ts';
import { clientPortOf, nodeName } from '../topology/topology.ts';
import { type FaultContext, FaultMissed, FaultStuck } from './fault.ts';

/** A server that does not run cannot be hit. */
export async function running({ ensemble }: FaultContext, victims: readonly number[]): Promise<void> {
  for (const victim of victims) {
    const state = await ensemble.machine(victim).state();
    if (state !== 'running') throw new FaultMissed(`${nodeName(victim)} was ${state} already`);
  }
}

/** A frozen server can be killed too: SIGKILL asks no process. */
export async function alive({ ensemble }: FaultContext, victims: readonly number[]): Promise<void> {
  for (const victim of victims) {
    if ((await ensemble.machine(victim).state()) === 'gone')
      throw new FaultMissed(`${nodeName(victim)} was gone already`);
  }
}

/** The processes are gone, by the signal we sent, and nothing listens on their client ports. */
export async function endProof(
  { ensemble }: FaultContext,
  victims: readonly number[],
  exits: readonly Exit[],
  signal: string,
): Promise<string[]> {
  const reaches = await ensemble.site.probe(
    victims.map((to) => ({ from: 'clients', to, port: clientPortOf(ensemble.topology, to) })),
  );
  return victims.map((victim, i) => {
    if (reaches[i] === 'open')
      throw new FaultMissed(`${nodeName(victim)} still answers clients after ${signal}`);
    const exit = exits[i]!;
    return `${nodeName(victim)} ended by ${exit.signal ?? `exit code ${exit.code}`}; its client port is ${reaches[i]}`;
  });
}

/**
 * Starts the victims that no step has started meanwhile, then waits until all serve: together, for one of two may be no
 * quorum.
 */
export async function rejoin(context: FaultContext, victims: readonly number[]): Promise<string[]> {
  const running = await context.ensemble.running();
  await context.ensemble.startAll(victims.filter((victim) => !running.includes(victim)));
  return rejoined(context, victims);
}

/** Waits until victims that run serve again, as far as other open faults let them. */
export async function rejoined(
  { ensemble, cuts }: FaultContext,
  victims: readonly number[],
): Promise<string[]> {
  try {
    return await ensemble.rejoined(victims, (a, b) => cuts.linked(a, b));
  } catch (error) {
    if (error instanceof WaitedInVain) throw new FaultStuck(error.message, { cause: error });
    throw error;
  }
}
