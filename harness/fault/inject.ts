import { randomFrom } from '../base/random.ts';
import { messageOf } from '../base/trouble.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import { namedRoles } from '../ensemble/ensemble.ts';
import { type FaultCall, type PlannedStep, targetInWords } from '../plan/plan.ts';
import type { Journal } from '../run/journal.ts';
import { faultNamed } from './catalogue.ts';
import { type FaultContext, FaultMissed, FaultStuck } from './fault.ts';
import { resolveTarget } from './target.ts';

/** How long the links stay cut, and a process frozen, beyond the planned time should the harness hang. */
const graceMs = 15_000;

/** A fault that a later step heals, or that waits for something, is open for minutes: they hold, wait and look. */
const keptMs = 300_000;

/** Longest wait for a server in the role that is to be hit. */
const targetMs = 15_000;

export interface OpenFault {
  fault: string;
  victims: number[];
  /** Ends it and proves that it is gone; false when it is stuck, which the journal then says. */
  heal(): Promise<boolean>;
}

/**
 * The life of one fault: resolve the target now, write the intent, inject, prove that it bites, and hand back what
 * ends it. Undefined when it missed: the journal has the reason and the run is invalid, but nothing is left in force.
 */
export async function inject(
  step: PlannedStep,
  call: FaultCall,
  context: Omit<FaultContext, 'deadlineNs' | 'random'>,
  journal: Journal,
): Promise<OpenFault | undefined> {
  const fault = faultNamed(call.fault);
  const params = fault.params.parse(call.params);
  const { ensemble, clock } = context;
  const about = { step: step.index, fault: fault.name };
  let victims: number[] = [];
  try {
    // A busy server may miss one look, and an election may be under way: the target is resolved when it exists.
    const { roles, found } = await waitFor(
      { what: `a server to be ${targetInWords(call.target)}`, deadlineMs: targetMs },
      async () => {
        const roles = await ensemble.roles();
        return {
          roles,
          found: resolveTarget(
            call.target,
            {
              topology: ensemble.topology,
              roles,
              releases: ensemble.releases,
              brokers: await ensemble.brokerView(),
            },
            step.draw,
          ),
        };
      },
    );
    victims = found;
    const deadlineNs = clock.nowNs() + (openMs(step) + graceMs) * 1e6;
    journal.write({ kind: 'fault-intent', ...about, call, victims, roles: namedRoles(roles), deadlineNs });
    const random = randomFrom(step.draw).fork(fault.name);
    const landed = await fault.inject({ ...context, deadlineNs, random }, victims, params);
    journal.write({
      kind: 'fault-landed',
      ...about,
      victims,
      proof: landed.proof,
      ...(landed.cuts && { cuts: landed.cuts }),
    });
    return { fault: fault.name, victims, heal: () => heal(landed.heal) };
  } catch (error) {
    if (!isMiss(error)) throw error;
    journal.write({ kind: 'fault-missed', ...about, victims, reason: messageOf(error) });
    return undefined;
  }

  async function heal(end: () => Promise<string[]>): Promise<boolean> {
    journal.write({ kind: 'fault-healing', ...about, victims });
    try {
      journal.write({ kind: 'fault-healed', ...about, victims, proof: await end() });
      return true;
    } catch (error) {
      if (!(error instanceof FaultStuck)) throw error;
      journal.write({ kind: 'fault-stuck', ...about, victims, reason: messageOf(error) });
      return false;
    }
  }
}

/** How long the faults of a step may be open as planned. */
function openMs({ forMs, keep, until, expect = [] }: PlannedStep): number {
  const looksMs = expect.reduce((sum, each) => sum + each.withinMs + each.forMs, 0);
  return forMs + looksMs + (keep === undefined && until === undefined ? 0 : keptMs);
}

const isMiss = (error: unknown) => error instanceof FaultMissed || error instanceof WaitedInVain;
