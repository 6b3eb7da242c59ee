import { type LinHistory, outcomeCodes } from '../history.ts';
import type { Part } from '../partition.ts';
import { nil } from '../values.ts';
import { type Breach, type Core, type Decision, ok, undecided, violation } from './decision.ts';
import type { Scratch } from './scratch.ts';

/**
 * First in, first out, each element enqueued once. Henzinger, Sezgin & Vafeiadis, "Aspect-Oriented Linearizability Proofs"
 * (CONCUR 2013), theorem 1: a history is linearizable iff no element is taken that was not put before, none is taken
 * twice, none overtakes another (a put before b, but b taken before a or a never), and no dequeue finds the queue empty
 * while at every moment of it some element had been put and nobody had begun to take it. Unknown enqueues count iff
 * somebody took their element. A dequeue of unknown outcome may have taken any one element that nobody else did, or none: the
 * history is legal if it is without these calls, and a violation if it is one without the elements they may have taken
 * (taking an element's calls out of a legal order leaves a legal one; so does taking out a dequeue that found nothing).
 */
export function decideQueue(history: LinHistory, part: Part, scratchOf: () => Scratch): Decision {
  const touched: number[] = [];
  const scratch = scratchOf();
  try {
    return decide(history, part, scratch, touched);
  } finally {
    for (const value of touched) scratch.writerOf[value] = -1;
    for (const op of part.events) if (op >= 0) scratch.nextOf[op] = -1;
  }
}

function decide(history: LinHistory, part: Part, scratch: Scratch, touched: number[]): Decision {
  const { names, f, input, output, outcome } = history;
  const { writerOf: giverOf, nextOf: takerOf } = scratch;
  const isEnqueue = (op: number) => names[f[op]!] === 'enqueue';
  for (const op of part.events) {
    if (op < 0 || !isEnqueue(op)) continue;
    if (input[op] === nil || giverOf[input[op]!]! >= 0)
      return undecided('an element was enqueued more than once');
    giverOf[input[op]!] = op;
    touched.push(input[op]!);
  }
  let unknownTakers = 0;
  for (const op of part.events) {
    if (op < 0 || isEnqueue(op)) continue;
    if (outcome[op] === outcomeCodes.unknown) unknownTakers++;
    if (outcome[op] === outcomeCodes.unknown || output[op] === nil) continue;
    const giver = giverOf[output[op]!]!;
    if (giver < 0) return violation({ kind: 'unwritten', op }, coreOf([op]));
    if (takerOf[giver]! >= 0) {
      const takers = [takerOf[giver]!, op] as const;
      return violation({ kind: 'twice', ops: takers }, coreOf([giver, ...takers]));
    }
    takerOf[giver] = op;
  }
  const breach = breachIn(history, part, scratch, 'all');
  if (breach === undefined) return ok;
  const certain = unknownTakers === 0 ? breach : breachIn(history, part, scratch, 'taken');
  if (certain === undefined) return undecided('dequeues of unknown outcome may have taken elements');
  return violation(certain, coreOf(opsOf(certain, history, part, scratch)));
}

const coreOf = (ops: readonly number[]): Core => ({ ops: ops.filter((op) => op >= 0), as: new Map() });

/** The calls that make a breach; all other elements could be taken out of a legal order with their calls. */
function opsOf(breach: Breach, history: LinHistory, part: Part, scratch: Scratch): number[] {
  switch (breach.kind) {
    case 'order':
      return [breach.later, breach.earlier];
    case 'overtaken':
      return [breach.first.giver, breach.first.taker, breach.second.giver, breach.second.taker];
    case 'never-empty':
      return [breach.op, ...elementsDuring(breach.op, history, part, scratch)];
    default:
      throw new Error(`a queue has no breach "${breach.kind}"`);
  }
}

/** Enqueues and dequeues of elements that follow each other without a gap while `op` runs. */
function elementsDuring(
  op: number,
  { names, f }: LinHistory,
  { events }: Part,
  { nextOf: takerOf }: Scratch,
): number[] {
  const placeOf = (event: number) => events.indexOf(event);
  const passages = [...events]
    .filter((event) => event < 0 && names[f[~event]!] === 'enqueue')
    .map((event) => ({
      giver: ~event,
      taker: takerOf[~event]!,
      from: placeOf(event),
      to: takerOf[~event]! < 0 ? events.length : placeOf(takerOf[~event]!),
    }));
  const chosen: number[] = [];
  for (let at = placeOf(op); at < placeOf(~op); ) {
    const here = passages.filter(({ from, to }) => from <= at && to > at);
    const longest = here.reduce((a, b) => (b.to > a.to ? b : a));
    chosen.push(longest.giver, longest.taker);
    at = longest.to;
  }
  return chosen;
}

/** `taken`: only elements that somebody is known to have taken, and no dequeue that found nothing. */
function breachIn(
  history: LinHistory,
  part: Part,
  scratch: Scratch,
  which: 'all' | 'taken',
): Breach | undefined {
  const { names, f, output, outcome } = history;
  const { events } = part;
  const { chainOf: invokedAt, nextOf: takerOf, rankOf: bound, writerOf: giverOf } = scratch;
  for (let at = 0; at < events.length; at++) {
    if (events[at]! < 0) continue;
    invokedAt[events[at]!] = at;
    bound[events[at]!] = 0;
  }
  const takenFrom = (giver: number) => (takerOf[giver]! < 0 ? events.length : invokedAt[takerOf[giver]!]!);
  /** Of the elements whose enqueue has returned, the one whose dequeue is invoked last. */
  let latest = -1;
  /** Elements that are in the queue for sure, and the last moment there were none. */
  let inside = 0;
  let emptyAt = -1;
  for (let at = 0; at < events.length; at++) {
    const invoked = events[at]! >= 0;
    const op = invoked ? events[at]! : ~events[at]!;
    if (names[f[op]!] === 'enqueue') {
      if (invoked) {
        bound[op] = latest + 1;
      } else if (which === 'all' || takerOf[op]! >= 0) {
        // The complement says that it has returned.
        bound[op] = ~bound[op]!;
        if (latest < 0 || takenFrom(op) > takenFrom(latest)) latest = op;
        if (takenFrom(op) > at) inside++;
      }
    } else if (outcome[op] === outcomeCodes.ok && output[op] === nil) {
      if (!invoked && which === 'all' && emptyAt < invokedAt[op]!) return { kind: 'never-empty', op };
    } else if (outcome[op] === outcomeCodes.ok) {
      const giver = giverOf[output[op]!]!;
      if (invoked && bound[giver]! < 0) inside--;
      if (!invoked && invokedAt[giver]! > at) return { kind: 'order', later: op, earlier: giver };
      const first = (bound[giver]! < 0 ? ~bound[giver]! : bound[giver]!) - 1;
      if (!invoked && first >= 0 && takenFrom(first) > at)
        return {
          kind: 'overtaken',
          first: { giver: first, taker: takerOf[first]! },
          second: { giver, taker: op },
        };
    }
    if (inside === 0) emptyAt = at;
  }
  return undefined;
}
