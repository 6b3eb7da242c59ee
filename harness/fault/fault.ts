import type * as z from 'zod';
import type { Capability, Cut } from '../backend/backend.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Undo } from '../base/undo.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { OpenCuts } from './open-cuts.ts';

/** What a fault works with. */
export interface FaultContext {
  ensemble: Ensemble;
  cuts: OpenCuts;
  clock: Clock;
  random: Random;
  /** For what would outlive this process; servers of our own do not. */
  undo: Undo;
  /** When the fault must be over even if the harness hangs; enforced by the kernel or by a process of its own. */
  deadlineNs: number;
}

/** A fault that bites: how we know, which links it cuts, and how it ends. */
interface Landed {
  proof: string[];
  cuts?: Cut[];
  /** Ends the fault and proves that it is gone; throws FaultStuck when it is not. */
  heal(): Promise<string[]>;
}

export interface Fault<P = unknown> {
  readonly name: string;
  readonly about: string;
  readonly params: z.ZodType<P>;
  needs(params: P): Capability[];
  /** Injects and proves it; throws FaultMissed, with its own traces removed, when it does not bite. */
  inject(context: FaultContext, victims: readonly number[], params: P): Promise<Landed>;
}

/** The fault did not bite: what was tried proves nothing, and the run is invalid. */
export class FaultMissed extends Error {
  override readonly name = 'FaultMissed';
}

/** The fault did not end. */
export class FaultStuck extends Error {
  override readonly name = 'FaultStuck';
}

/** Keeps the parameter type inside one file and hides it from the catalogue, which only ever passes parsed params. */
export function defineFault<P>(fault: Fault<P>): Fault {
  return fault as Fault;
}
