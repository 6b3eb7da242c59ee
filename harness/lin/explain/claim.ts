import { bruteForceMax, hasLegalOrder } from '../brute-force.ts';
import type { Core } from '../chains/decision.ts';
import type { LinHistory } from '../history.ts';
import { callsOf, type Treatment } from '../search/calls.ts';
import { Contest } from '../search/contest.ts';
import { problemOf, type Specification } from '../search/problem.ts';

/** Some calls of which it is claimed that they have no legal order. */
export interface Claim {
  /** Invocations and returns of these calls alone, by time; a call without a return may or may not have taken effect. */
  readonly events: Int32Array;
  readonly treat: ReadonlyMap<number, Treatment>;
  /** States one of which the object was in when the first of them was invoked; undefined: the initial one. */
  readonly states: readonly unknown[] | undefined;
}

/** Searching further than this for one claim is not worth it: the next smaller one is tried instead. */
const claimNodes = 200_000;

export function claimOf(events: Int32Array, { ops, as }: Core): Claim {
  const chosen = new Set(ops);
  const treat = new Map([...as].map(([op, call]) => [op, { as: call }] as const));
  return {
    events: events.filter((event) => chosen.has(event < 0 ? ~event : event)),
    treat,
    states: undefined,
  };
}

export const opsOf = (claim: Claim): number[] => [...claim.events.filter((event) => event >= 0)];

/** Whether a search confirms the claim, within `nodes` configurations. */
export function isTrue(
  history: LinHistory,
  specification: Specification,
  claim: Claim,
  nodes = claimNodes,
): boolean {
  const calls = callsOf(history, claim.events, (op) => claim.treat.get(op));
  return new Contest(problemOf(calls, specification, claim.states)).run(nodes) === 'violation';
}

/**
 * Confirms a claim anew: by trying every order where that is possible, which shares nothing with what made the claim; else by
 * a search without limit.
 */
export function isTrueForSure(history: LinHistory, specification: Specification, claim: Claim): boolean {
  const ops = opsOf(claim);
  if (ops.length > bruteForceMax) return isTrue(history, specification, claim, Number.POSITIVE_INFINITY);
  const returned = new Set(claim.events.filter((event) => event < 0));
  const treat = (op: number): Treatment => (returned.has(~op) ? claim.treat.get(op) : 'optional');
  return !hasLegalOrder(history, specification.model, ops, {
    treat,
    ...(claim.states && { states: claim.states }),
  });
}
