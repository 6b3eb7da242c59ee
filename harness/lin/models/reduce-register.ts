import type { Call } from '../model.ts';
import type { CallCount, Reduction } from '../search/reduction.ts';
import { casRegister } from './register.ts';

/** Stands for every value that no call of the part looks for. */
const unlooked = Symbol('a value nobody looks for');

/**
 * Values that no read returned and no compare-and-set expected are one state. A call that writes such a value is unseen, unless
 * a compare-and-set failed: that one may have failed because of it.
 */
export function reduceRegister(calls: readonly CallCount[], initial: readonly unknown[]): Reduction {
  const looked = new Set<unknown>();
  /** By value, how often it comes: an initial one comes before all calls. */
  const entries = new Map<unknown, number>();
  for (const value of initial) entries.set(value, 1);
  let refused = false;
  for (const { call, count } of calls) {
    if (call.f === 'read' && call.outcome === 'ok') looked.add(call.output);
    if (call.f === 'cas') looked.add((call.input as readonly unknown[])[0]);
    if (leaves(call)) entries.set(targetOf(call), (entries.get(targetOf(call)) ?? 0) + count);
    if (call.outcome === 'fail') refused = true;
  }
  const seen = (value: unknown) => (looked.has(value) ? value : unlooked);
  return {
    model: {
      ...casRegister,
      step: (state, call) => {
        const after = casRegister.step(state, call);
        return after === undefined || after === state ? after : seen(after);
      },
    },
    initial: initial.map(seen),
    unseen: (call) => !refused && leaves(call) && !looked.has(targetOf(call)),
    needs: (call) =>
      call.f === 'read' && call.outcome === 'ok' && entries.get(call.output) === 1
        ? { state: call.output }
        : undefined,
    total: ({ f }) => f === 'write',
    blind: ({ f }) => f === 'write',
  };
}

/** Whether a call may leave a value in the register. */
function leaves({ f, outcome }: Call): boolean {
  return f === 'write' || (f === 'cas' && outcome !== 'fail');
}

function targetOf({ f, input }: Call): unknown {
  return f === 'write' ? input : (input as readonly unknown[])[1];
}
