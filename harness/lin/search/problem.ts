import type { Model } from '../model.ts';
import { type Calls, withoutOptional } from './calls.ts';
import { type CallCount, irreducible, type Reduce, type Reduction } from './reduction.ts';

/**
 * Calls made ready for search. Optional ones that change no state are left out, as whether they took effect makes no
 * difference.
 */
export interface Problem {
  readonly calls: Calls;
  /** The model, reduced to what these calls can tell apart, and the states they may begin in. */
  readonly model: Model;
  readonly initial: readonly unknown[];
  /** By class, flags: changes no state; unseen and total; blind (see Reduction). */
  readonly readOnly: Uint8Array;
  readonly hidden: Uint8Array;
  readonly blind: Uint8Array;
  /** States that come once at most, and the index of the last event that invokes a definite call which needs them. */
  readonly needed: ReadonlyMap<unknown, number>;
  /**
   * By call: its bit among the calls that are open at the same time; -1 for an optional one. Bits are used again after
   * the return, so a configuration needs as many as calls were ever open at once, however long the history is.
   */
  readonly slotOf: Int32Array;
  readonly slots: number;
  /**
   * By call: the open call that returns last before it, when it is invoked (or the number of calls, the list's head). Open
   * calls are a list by time of return, and every search puts them in and takes them out in this same order.
   */
  readonly before: Int32Array;
  /** By call: its group of equal optional calls, or -1. They are interchangeable: the one invoked first does for all. */
  readonly groupOf: Int32Array;
  /** By group: its class, its first bit among the optional calls' bits. */
  readonly groupClass: Int32Array;
  readonly groupBit: Int32Array;
  readonly optionalBits: number;
}

/** A model and, for ours, how to reduce it. */
export interface Specification {
  readonly model: Model;
  readonly reduce?: Reduce;
}

/** `initial`: states the calls may begin in. */
export function problemOf(
  recorded: Calls,
  { model, reduce }: Specification,
  initial: readonly unknown[] = [model.init()],
): Problem {
  const { classes } = recorded;
  const readOnly = new Uint8Array(classes.length);
  for (let kind = 0; kind < classes.length; kind++)
    readOnly[kind] = Number(model.readOnly?.(classes[kind]!) ?? 0);
  const reduction = reduce?.(countsOf(recorded, readOnly), initial) ?? irreducible(model, initial);
  const hidden = new Uint8Array(classes.length);
  const blind = new Uint8Array(classes.length);
  /** What is left out where it is optional. */
  const idle = readOnly.slice();
  for (let kind = 0; kind < classes.length; kind++) {
    const call = classes[kind]!;
    const total = reduction.total(call);
    if (total && reduction.blind(call)) blind[kind] = 1;
    if (!reduction.unseen(call)) continue;
    idle[kind] = 1;
    if (total) hidden[kind] = 1;
  }
  const calls = withoutOptional(recorded, idle);
  const groups = groupsOf(calls);
  return {
    calls,
    model: reduction.model,
    initial: reduction.initial,
    readOnly,
    hidden,
    blind,
    needed: neededStates(calls, reduction),
    ...groups,
    ...openCalls(calls.events, groups.groupOf),
  };
}

/** How often each call occurs, without the optional ones that change nothing: those need not be explained. */
function countsOf({ classes, classOf, definite }: Calls, readOnly: Uint8Array): CallCount[] {
  const counts = new Int32Array(classes.length);
  for (let call = 0; call < classOf.length; call++) {
    const kind = classOf[call]!;
    if (definite[call] === 1 || readOnly[kind] === 0) counts[kind]!++;
  }
  const list: CallCount[] = [];
  for (let kind = 0; kind < counts.length; kind++)
    if (counts[kind]! > 0) list.push({ call: classes[kind]!, count: counts[kind]! });
  return list;
}

function groupsOf({ classOf, definite, classes }: Calls) {
  const groupOf = new Int32Array(classOf.length).fill(-1);
  const ofClass = new Int32Array(classes.length).fill(-1);
  const groupClass: number[] = [];
  const sizes: number[] = [];
  for (let call = 0; call < classOf.length; call++) {
    if (definite[call] === 1) continue;
    const kind = classOf[call]!;
    if (ofClass[kind]! < 0) {
      ofClass[kind] = groupClass.push(kind) - 1;
      sizes.push(0);
    }
    groupOf[call] = ofClass[kind]!;
    sizes[ofClass[kind]!]!++;
  }
  const groupBit = new Int32Array(sizes.length);
  for (let group = 1; group < sizes.length; group++)
    groupBit[group] = groupBit[group - 1]! + sizes[group - 1]!;
  const optionalBits = sizes.reduce((sum, size) => sum + size, 0);
  return { groupOf, groupClass: Int32Array.from(groupClass), groupBit, optionalBits };
}

function neededStates(
  { classOf, definite, classes, events }: Calls,
  { needs }: Reduction,
): Map<unknown, number> {
  const needed = new Map<unknown, number>();
  const states = classes.map(needs);
  for (let at = 0; at < events.length; at++) {
    const call = events[at]!;
    const need = call >= 0 && definite[call] === 1 ? states[classOf[call]!] : undefined;
    if (need !== undefined) needed.set(need.state, at);
  }
  return needed;
}

/** Walks the events once with the list of open calls. */
function openCalls(events: Int32Array, groupOf: Int32Array) {
  const head = groupOf.length;
  const before = new Int32Array(head);
  const slotOf = new Int32Array(head).fill(-1);
  const due = new Int32Array(head);
  for (let at = 0; at < events.length; at++) if (events[at]! < 0) due[~events[at]!] = at;
  const next = new Int32Array(head + 1);
  next[head] = head;
  const free: number[] = [];
  let slots = 0;
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!;
    if (event < 0) {
      next[head] = next[~event]!;
      free.push(slotOf[~event]!);
    } else if (groupOf[event]! < 0) {
      let previous = head;
      while (next[previous] !== head && due[next[previous]!]! < due[event]!) previous = next[previous]!;
      before[event] = previous;
      next[event] = next[previous]!;
      next[previous] = event;
      slotOf[event] = free.pop() ?? slots++;
    }
  }
  return { before, slotOf, slots };
}
