import type { LinHistory } from '../history.ts';
import { outcomeCodes } from '../history.ts';
import type { Call } from '../model.ts';
import { ClassTable } from './class-table.ts';

/** Calls of one part as plain data, which a worker can be sent: numbered by invocation, equal ones in classes. */
export interface Calls {
  /** By call: its number in the history. */
  readonly ops: Int32Array;
  readonly classOf: Int32Array;
  readonly classes: readonly Call[];
  /** By call: 1 when it must take effect before its return, anything else when it is optional. */
  readonly definite: Uint8Array;
  /** Invocations (`call`) and returns (`~call`) by time. An optional call has no return. */
  readonly events: Int32Array;
}

/** How a call is taken, where not as it is recorded. */
export type Treatment =
  /** Another call: a weaker one, legal wherever the recorded one is. */
  | { as: Call }
  /** It may have taken effect at any time after its invocation, or never. */
  | 'optional'
  | undefined;

/**
 * Events are those of a part (`op`, `~op`), or some of them. A call whose return is missing is optional: whatever holds of
 * a history then holds of its beginnings (linearizability is prefix-closed). `numberOf` is room for one number a call of the
 * history, which whoever has many parts hands in again and again.
 */
export function callsOf(
  history: LinHistory,
  events: Int32Array,
  treat?: (op: number) => Treatment,
  numberOf: Int32Array = new Int32Array(history.length),
): Calls {
  const count = invocationsIn(events);
  const classes = new ClassTable(history, count);
  const ops = new Int32Array(count);
  const classOf = new Int32Array(count);
  /** 1 only for a call that returned. */
  const definite = new Uint8Array(count);
  const local = new Int32Array(events.length);
  let length = 0;
  for (let at = 0, call = 0; at < events.length; at++) {
    const event = events[at]!;
    if (event >= 0) {
      const treatment = treat?.(event);
      numberOf[event] = call;
      ops[call] = event;
      classOf[call] = typeof treatment === 'object' ? classes.add(treatment.as) : classes.classOf(event);
      if (treatment === 'optional' || history.outcome[event] === outcomeCodes.unknown)
        definite[call] = optional;
      local[length++] = call++;
    } else {
      const returning = numberOf[~event]!;
      if (definite[returning] === optional) continue;
      definite[returning] = 1;
      local[length++] = ~returning;
    }
  }
  const own = length === local.length ? local : local.subarray(0, length);
  return { ops, classOf, classes: classes.calls, definite, events: own };
}

/** Of a call that is optional whether it returned or not. */
const optional = 2;

function invocationsIn(events: Int32Array): number {
  let count = 0;
  for (let at = 0; at < events.length; at++) if (events[at]! >= 0) count++;
  return count;
}

/** Without the optional calls of the classes marked; the others are numbered anew. Loops, as typed arrays' `filter` is slow. */
export function withoutOptional(calls: Calls, marked: Uint8Array): Calls {
  const { ops, classOf, definite, events } = calls;
  const kept = new Int32Array(ops.length);
  let count = 0;
  for (let call = 0; call < kept.length; call++)
    kept[call] = definite[call] === 1 || marked[classOf[call]!] === 0 ? count++ : -1;
  if (count === kept.length) return calls;
  const left = {
    ops: new Int32Array(count),
    classOf: new Int32Array(count),
    classes: calls.classes,
    definite: new Uint8Array(count),
    events: new Int32Array(events.length - (kept.length - count)),
  };
  for (let call = 0; call < kept.length; call++) {
    const now = kept[call]!;
    if (now < 0) continue;
    left.ops[now] = ops[call]!;
    left.classOf[now] = classOf[call]!;
    left.definite[now] = definite[call]!;
  }
  for (let at = 0, length = 0; at < events.length; at++) {
    const event = events[at]!;
    const now = kept[event < 0 ? ~event : event]!;
    if (now >= 0) left.events[length++] = event < 0 ? ~now : now;
  }
  return left;
}
