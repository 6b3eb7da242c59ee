import type { Part } from '../partition.ts';

/**
 * Calls whose order inside a chain is known from their values: a call has a rank, and calls of one chain must take
 * effect in order of rank (equal ranks in any order) with no call of another chain in between. Chains themselves may
 * come in any order.
 */
export interface Chains {
  readonly count: number;
  /** By call: its chain, or -1 for a call that is left out. */
  readonly chainOf: Int32Array;
  readonly rankOf: Int32Array;
  /** The chain that begins with the initial state, before all calls; -1 where nobody saw that state. */
  readonly first: number;
}

/** Calls that cannot all be in order. */
export type Contradiction =
  /** `later` ranks behind `earlier` in one chain, yet returned before `earlier` was invoked. */
  | { kind: 'order'; later: number; earlier: number }
  /**
   * Each chain has a call that returned before one of the other was invoked, so neither can come before the other.
   * `[a, b]`: a of one chain precedes b of the other. `before` is -1 where the initial state itself precedes.
   */
  | { kind: 'overlap'; before: readonly [number, number]; after: readonly [number, number] };

/**
 * Decides in one pass over the events. Gibbons & Korach, "Testing Shared Memories", SIAM J. Comput. 26(4), 1997,
 * section 4: a cluster is a write and its reads, its zone lies between the first return f and the last invocation s;
 * linearizable iff no two forward zones (f < s) overlap and no backward zone lies within a forward one. Here clusters
 * joined by compare-and-set are one chain. The proof carries over: chain C must precede D iff f(C) < s(D), and a cycle
 * of that relation contains one of length two (let X have the greatest s of the cycle: every member precedes X, and X
 * precedes its successor), which is two zones as above. The order inside a chain is total but for commuting reads, so
 * it stands iff no call of a higher rank returned before one of a lower rank was invoked.
 */
export function contradictionIn({ events }: Part, chains: Chains): Contradiction | undefined {
  const { count, chainOf, rankOf, first } = chains;
  const firstReturn = new Int32Array(count).fill(events.length);
  const lastInvocation = new Int32Array(count).fill(-1);
  /** By chain, the call of the highest rank that has returned. */
  const highest = new Int32Array(count).fill(-1);
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!;
    const op = event < 0 ? ~event : event;
    const chain = chainOf[op]!;
    if (chain < 0) continue;
    const top = highest[chain]!;
    if (event >= 0) {
      lastInvocation[chain] = at;
      if (top >= 0 && rankOf[top]! > rankOf[op]!) return { kind: 'order', later: top, earlier: op };
    } else {
      if (firstReturn[chain] === events.length) firstReturn[chain] = at;
      if (top < 0 || rankOf[op]! > rankOf[top]!) highest[chain] = op;
    }
  }
  if (first >= 0) firstReturn[first] = -1;
  return overlapOf(events, chains, firstReturn, lastInvocation);
}

function overlapOf(
  events: Int32Array,
  { chainOf, first }: Chains,
  firstReturn: Int32Array,
  lastInvocation: Int32Array,
): Contradiction | undefined {
  const opAt = (at: number) => (at < 0 ? -1 : events[at]! < 0 ? ~events[at]! : events[at]!);
  const clash = (c: number, d: number): Contradiction => ({
    kind: 'overlap',
    before: [opAt(firstReturn[c]!), opAt(lastInvocation[d]!)],
    after: [opAt(firstReturn[d]!), opAt(lastInvocation[c]!)],
  });
  /** The forward zone that is open; they are disjoint. */
  let open = first;
  let openUntil = first < 0 ? -1 : lastInvocation[first]!;
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!;
    const chain = chainOf[event < 0 ? ~event : event]!;
    if (chain < 0 || chain === open) continue;
    if (event < 0) {
      // A forward zone begins.
      if (at !== firstReturn[chain] || lastInvocation[chain]! < at) continue;
      if (at < openUntil) return clash(open, chain);
      open = chain;
      openUntil = lastInvocation[chain]!;
    } else if (at === lastInvocation[chain] && firstReturn[chain]! > at) {
      // A backward zone begins.
      if (firstReturn[chain]! < openUntil) return clash(open, chain);
    }
  }
  return undefined;
}
