import type { LinHistory } from './history.ts';
import { outcomeCodes } from './history.ts';
import type { Call, Model } from './model.ts';
import { callOf } from './partition.ts';
import type { Treatment } from './search/calls.ts';

/** More calls than this would take too long. */
export const bruteForceMax = 12;

/**
 * Tries every order, straight from the definition (Herlihy & Wing 1990): no memory, no pruning, nothing shared with the
 * engines, so that they can be held against it. Whether one is legal from one of the states.
 */
export function hasLegalOrder(
  history: LinHistory,
  model: Model,
  ops: readonly number[],
  { treat, states = [model.init()] }: { treat?: (op: number) => Treatment; states?: readonly unknown[] } = {},
): boolean {
  if (ops.length > 31) throw new Error('too many calls for trying every order');
  const calls: Call[] = [];
  let definite = 0;
  ops.forEach((op, i) => {
    const treatment = treat?.(op);
    calls.push(typeof treatment === 'object' ? treatment.as : callOf(history, op));
    if (treatment !== 'optional' && history.outcome[op] !== outcomeCodes.unknown) definite |= 1 << i;
  });
  /** By call, the calls that have to come before it. */
  const earlier = ops.map((op) =>
    ops.reduce(
      (mask, other, i) =>
        (definite & (1 << i)) !== 0 && history.returned[other]! < history.invoked[op]!
          ? mask | (1 << i)
          : mask,
      0,
    ),
  );
  const reaches = (state: unknown, done: number): boolean => {
    if ((definite & ~done) === 0) return true;
    for (let i = 0; i < calls.length; i++) {
      if ((done & (1 << i)) !== 0 || (earlier[i]! & ~done) !== 0) continue;
      const after = model.step(state, calls[i]!);
      if (after !== undefined && reaches(after, done | (1 << i))) return true;
    }
    return false;
  };
  return states.some((state) => reaches(state, 0));
}
