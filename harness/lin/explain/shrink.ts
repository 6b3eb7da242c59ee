import type { LinHistory } from '../history.ts';
import type { Specification } from '../search/problem.ts';
import { type Claim, isTrue } from './claim.ts';
import { beginningAt, endingAt, irrelevantIn, type Relaxations, unitsOf, without } from './relax.ts';

type Holds = (claim: Claim) => boolean;

/**
 * Makes a violation that a search found small: cuts off its end, its beginning, and leaves out what can be, each as long as
 * the rest is still a violation. Every step is one of `relax.ts`, so what is left proves the whole one.
 */
export function shrink(
  history: LinHistory,
  specification: Specification,
  whole: Claim,
  relaxations: Relaxations | undefined,
  outOfTime: () => boolean,
): Claim {
  const holds = (claim: Claim) => !outOfTime() && isTrue(history, specification, claim);
  let claim = withoutEnd(whole, holds);
  if (relaxations !== undefined) claim = withoutBeginning(history, claim, relaxations, holds);
  for (let before = 0; claim.events.length !== before; ) {
    before = claim.events.length;
    claim = withoutUnits(claim, unitsOf(history, specification, claim, relaxations), holds);
  }
  return without(claim, irrelevantIn(history, specification, claim));
}

/** The shortest beginning that is a violation; it ends with a return. */
function withoutEnd(claim: Claim, holds: Holds): Claim {
  const returns = placesOf(claim, (event) => event < 0);
  const upTo = (index: number) => endingAt(claim, returns[index]! + 1);
  const index = leastIndex(returns.length - 1, (tried) => holds(upTo(tried)));
  return index < 0 ? claim : upTo(index);
}

/** The shortest end that is a violation from any state. */
function withoutBeginning(history: LinHistory, claim: Claim, relaxations: Relaxations, holds: Holds): Claim {
  const invocations = placesOf(claim, (event) => event >= 0).reverse();
  const from = (index: number) => beginningAt(history, claim, invocations[index]!, relaxations);
  // The windows that hold are short, as a rule, and a short one is quick to try.
  let most = 1;
  while (most < invocations.length && !holds(from(most - 1))) most *= 2;
  const index = leastIndex(Math.min(most, invocations.length) - 1, (tried) => holds(from(tried)));
  return index < 0 ? claim : from(index);
}

/** Leaves out units as long as the rest holds, many at a time first (delta debugging, Zeller & Hildebrandt 2002). */
function withoutUnits(start: Claim, all: number[][], holds: Holds): Claim {
  let [claim, units] = [start, all];
  for (let size = Math.ceil(units.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < units.length; ) {
      const smaller = without(claim, new Set(units.slice(at, at + size).flat()));
      if (holds(smaller)) {
        claim = smaller;
        units = units.toSpliced(at, size);
      } else {
        at += size;
      }
    }
  }
  return claim;
}

function placesOf({ events }: Claim, which: (event: number) => boolean): number[] {
  return [...events.keys()].filter((at) => which(events[at]!));
}

/** The least index up to `last` that holds, if all behind it do; -1 when even `last` does not. */
function leastIndex(last: number, holds: (index: number) => boolean): number {
  if (last < 0 || !holds(last)) return -1;
  let [low, high] = [0, last];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
