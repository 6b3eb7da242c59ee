import type { Relaxations } from '../explain/relax.ts';
import type { Call } from '../model.ts';

/** Stands for any value that no call looks for. */
const anyOther = Symbol('any other value');

/**
 * A register may hold whatever its calls look for, or something else. All calls on values that compare-and-set ties to each
 * other may be deleted together, as nobody else reads these values; unless a compare-and-set failed, which they may
 * have been the reason of.
 */
export const relaxRegister: Relaxations = {
  anyState(calls) {
    return [...new Set(calls.flatMap(lookedFor)), anyOther];
  },

  groups(calls) {
    if (calls.some(({ outcome }) => outcome === 'fail')) return undefined;
    const groupOf = new Map<unknown, number[]>();
    for (const [index, call] of calls.entries()) {
      const merged = [...new Set(valuesOf(call).flatMap((value) => groupOf.get(value) ?? [])), index];
      for (const at of merged) for (const value of valuesOf(calls[at]!)) groupOf.set(value, merged);
    }
    return [...new Set(groupOf.values())];
  },
};

function lookedFor({ f, input, output, outcome }: Call): unknown[] {
  if (f === 'cas') return [(input as unknown[])[0]];
  return f === 'read' && outcome === 'ok' ? [output] : [];
}

function valuesOf({ f, input, output }: Call): unknown[] {
  if (f === 'cas') return input as unknown[];
  return [f === 'write' ? input : output];
}
