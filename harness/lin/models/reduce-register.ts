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
  const entries = new Map<unknown, number>(initial.map((value) => [value, 1]));
  let refused = false;
  for (const { call, count } of calls) {
    if (call.f === 'read' && call.outcome === 'ok') looked.add(call.output);
    if (call.f === 'cas') looked.add(swapOf(call).from);
    const entered = targetOf(call);
    if (entered !== undefined) entries.set(entered.value, (entries.get(entered.value) ?? 0) + count);
    refused ||= call.outcome === 'fail';
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
    unseen: (call) => {
      const target = targetOf(call);
      return !refused && target !== undefined && !looked.has(target.value);
    },
    needs: (call) =>
      call.f === 'read' && call.outcome === 'ok' && entries.get(call.output) === 1
        ? { state: call.output }
        : undefined,
    total: ({ f }) => f === 'write',
    blind: ({ f }) => f === 'write',
  };
}

/** What a call may leave in the register, where it may change it. */
function targetOf(call: Call): { value: unknown } | undefined {
  if (call.f === 'write') return { value: call.input };
  return call.f === 'cas' && call.outcome !== 'fail' ? { value: swapOf(call).to } : undefined;
}

function swapOf(call: Call): { from: unknown; to: unknown } {
  const [from, to] = call.input as [unknown, unknown];
  return { from, to };
}
