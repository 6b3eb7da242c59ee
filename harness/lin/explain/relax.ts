import type { LinHistory } from '../history.ts';
import type { Call } from '../model.ts';
import { callOf } from '../partition.ts';
import { callsOf } from '../search/calls.ts';
import { type Problem, problemOf, type Specification } from '../search/problem.ts';
import { type Claim, opsOf } from './claim.ts';

/**
 * Ways to ask less of a history: whatever has a legal order has one after each of these, so that a violation of what is
 * left is one of the whole. Deleting any other call (a write whose value somebody reads, say) would make violations
 * instead of finding them.
 */

/** What is known of a model that makes small explanations possible; for models of ours, as these are promises too. */
export interface Relaxations {
  /** States so that whatever state the object may be in, it treats these calls as it would in one of them. */
  anyState(calls: readonly Call[]): unknown[];
  /**
   * Groups of calls (indices): all calls of a group may be deleted from a legal order, and the rest is one. Undefined where
   * these calls do not allow that.
   */
  groups?(calls: readonly Call[]): number[][] | undefined;
}

/** Only the events before `end`: linearizability is prefix-closed. Calls open there may or may not have taken effect. */
export function endingAt(claim: Claim, end: number): Claim {
  return { ...claim, events: claim.events.subarray(0, end) };
}

/**
 * Only what is open at event `start` or comes later, from whatever state came before. Of a legal order take what follows the
 * last call that had returned by then: every call invoked later is in it, and some of those that were open.
 */
export function beginningAt(
  history: LinHistory,
  claim: Claim,
  start: number,
  relaxations: Relaxations,
): Claim {
  const open = new Set<number>();
  for (const event of claim.events.subarray(0, start)) {
    if (event >= 0) open.add(event);
    else open.delete(~event);
  }
  const treat = new Map(claim.treat);
  for (const op of open) treat.set(op, 'optional');
  const events = claim.events.filter((event, at) => at >= start || open.has(event));
  const calls = [...events].filter((event) => event >= 0).map((op) => callOf(history, op));
  return { events, treat, states: relaxations.anyState(calls) };
}

export function without(claim: Claim, dropped: ReadonlySet<number>): Claim {
  return { ...claim, events: claim.events.filter((event) => !dropped.has(event < 0 ? ~event : event)) };
}

/** Sets of calls each of which may be left out: single reads, single calls that nobody sees the effect of, and groups. */
export function unitsOf(
  history: LinHistory,
  specification: Specification,
  claim: Claim,
  relaxations: Relaxations | undefined,
): number[][] {
  const ops = opsOf(claim);
  const recorded = ops.map((op) => callOf(history, op));
  const reads = ops.filter((_, index) => specification.model.readOnly?.(recorded[index]!));
  const groups = relaxations?.groups?.(recorded) ?? [];
  return [
    ...[...reads, ...unseenOf(problemIn(history, specification, claim))].map((op) => [op]),
    ...groups.map((group) => group.map((index) => ops[index]!)),
  ];
}

/** Calls of the claim that a search would not even look at: optional ones that change nothing, or nothing that anybody sees. */
export function irrelevantIn(history: LinHistory, specification: Specification, claim: Claim): Set<number> {
  const looked = new Set(problemIn(history, specification, claim).calls.ops);
  return new Set(opsOf(claim).filter((op) => !looked.has(op)));
}

function unseenOf({ calls, hidden }: Problem): number[] {
  return [...calls.ops].filter((_, call) => calls.definite[call] === 1 && hidden[calls.classOf[call]!] === 1);
}

function problemIn(history: LinHistory, specification: Specification, claim: Claim): Problem {
  const calls = callsOf(history, claim.events, (op) => claim.treat.get(op));
  return problemOf(calls, specification, claim.states);
}
