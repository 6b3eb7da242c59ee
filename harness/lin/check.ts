import { availableParallelism } from 'node:os';
import { bruteForceMax } from './brute-force.ts';
import { knownModel } from './catalogue.ts';
import { type Scratch, scratchFor } from './chains/scratch.ts';
import { eventOrder } from './event-order.ts';
import { type Claim, claimOf, isTrueForSure, opsOf } from './explain/claim.ts';
import { type Counterexample, counterexampleOf } from './explain/counterexample.ts';
import { shrink } from './explain/shrink.ts';
import type { LinHistory } from './history.ts';
import type { Model } from './model.ts';
import { type Part, partsOf } from './partition.ts';
import { searchParts } from './search/search-parts.ts';

export interface Limits {
  /** For everything but making a violation small. */
  timeoutMs: number;
  /** For what searches remember; the history itself takes some 60 bytes a call beside that. */
  memoryBytes: number;
  /** Threads that may help with models of ours; 0 keeps everything in this one. */
  threads: number;
  /** Whether the calls that prove a violation are looked for; without, there is no counterexample. */
  explain: boolean;
}

export const defaultLimits: Limits = {
  timeoutMs: 60_000,
  memoryBytes: 2 ** 30,
  threads: availableParallelism(),
  explain: true,
};

/** Making a violation small takes no longer than this; what is reached then is shown. */
const shrinkMs = 5_000;

export type LinVerdict = { calls: number; parts: number } & (
  | { verdict: 'ok' }
  /** `part`: what the model's `partition` returned for the calls in question. */
  | { verdict: 'violation'; part: unknown; counterexample: Counterexample | undefined }
  /** Nothing is proven, and why; `undecided`: the parts without a verdict. */
  | { verdict: 'unknown'; reason: string; undecided: readonly unknown[] }
);

/**
 * Whether a history is linearizable to a model (Herlihy & Wing 1990). `unknown` is neither yes nor no: time or memory did not
 * suffice, or there was nothing to judge. The first part found illegal ends it.
 */
export async function checkHistory(
  history: LinHistory,
  model: Model,
  limits: Partial<Limits> = {},
): Promise<LinVerdict> {
  const within = { ...defaultLimits, ...limits };
  const deadline = performance.now() + within.timeoutMs;
  const events = eventOrder(history);
  const parts = partsOf(history, model, events);
  const told = { calls: history.length, parts: parts.length };
  if (history.length === 0)
    return { ...told, verdict: 'unknown', reason: 'there is no call to judge', undecided: [] };
  const known = knownModel(model);
  const open: Part[] = [];
  let scratch: Scratch | undefined;
  const scratchOf = () => {
    scratch ??= scratchFor(history);
    return scratch;
  };
  for (const part of parts) {
    const decision = known.decide?.(history, part, scratchOf);
    if (decision?.verdict === 'violation') {
      const claim = claimOf(part.events, decision.core);
      if (!isTrueForSure(history, known, claim)) throw contradiction(part);
      const counterexample = within.explain ? counterexampleOf(history, claim, decision.breach) : undefined;
      return { ...told, verdict: 'violation', part: part.name, counterexample };
    }
    if (decision?.verdict !== 'ok') open.push(part);
  }
  const found = await searchParts(history, known, open, { ...within, deadline });
  if (found.verdict === 'ok') return { ...told, verdict: 'ok' };
  if (found.verdict === 'unknown')
    return {
      ...told,
      verdict: 'unknown',
      reason: found.reason,
      undecided: found.parts.map(({ name }) => name),
    };
  const counterexample = within.explain ? explained(history, known, found.part) : undefined;
  return { ...told, verdict: 'violation', part: found.part.name, counterexample };
}

function explained(history: LinHistory, known: ReturnType<typeof knownModel>, part: Part): Counterexample {
  const until = performance.now() + shrinkMs;
  const whole: Claim = { events: part.events, treat: new Map(), states: undefined };
  const claim = shrink(history, known, whole, known.relaxations, () => performance.now() > until);
  // A search found every claim on the way; few calls can be confirmed by trying every order as well.
  if (opsOf(claim).length <= bruteForceMax && !isTrueForSure(history, known, claim))
    throw new Error('what a search found to be a violation has a legal order');
  return counterexampleOf(history, claim, undefined);
}

function contradiction({ name }: Part): Error {
  return new Error(`what values alone showed to be a violation has a legal order (part ${String(name)})`);
}
