import type { LinHistory } from '../history.ts';
import type { Call } from '../model.ts';
import { callOf, type Part } from '../partition.ts';
import { nil } from '../values.ts';
import type { Contradiction } from './chains.ts';
import type { Core } from './decision.ts';
import type { Scratch } from './scratch.ts';

/** The ids of the elements a read returned. */
export function elementsRead({ output, values }: LinHistory, op: number): Set<number> {
  const read = output[op]!;
  const count = read === nil ? 0 : values.itemCount(read);
  return new Set(Array.from({ length: count }, (_, i) => values.item(read, i)));
}

/** Reads are taken for reads of these elements alone: a legal order of all calls is one of the calls on a few elements. */
export function setCore(history: LinHistory, ops: readonly number[], elements: readonly number[]): Core {
  const as = new Map<number, Call>();
  for (const op of ops) {
    if (!isRead(history, op)) continue;
    const read = elementsRead(history, op);
    const output = new Set(elements.filter((id) => read.has(id)).map((id) => history.values.valueOf(id)));
    as.set(op, { ...callOf(history, op), output });
  }
  return { ops, as };
}

/** Calls that came in the wrong order, and the element that shows it. */
export function coreOfOrder(history: LinHistory, part: Part, scratch: Scratch, breach: Contradiction): Core {
  if (breach.kind !== 'order') throw new Error('a set that only grows is one chain');
  const { later, earlier } = breach;
  const { input } = history;
  const reads = [later, earlier].filter((op) => isRead(history, op));
  const adds = [later, earlier].filter((op) => !isRead(history, op));
  if (reads.length === 2) {
    const before = elementsRead(history, earlier);
    const lost = [...elementsRead(history, later)].find((element) => !before.has(element))!;
    return setCore(history, [later, earlier, adderOf(history, part, lost)], [lost]);
  }
  if (reads.length === 0) {
    // A read that has the element of the add invoked last, but not the other.
    const between = part.events.find(
      (op) =>
        op >= 0 &&
        isRead(history, op) &&
        scratch.chainOf[op] === 0 &&
        rankBetween(scratch, op, earlier, later),
    );
    reads.push(between!);
  }
  return setCore(
    history,
    [...adds, ...reads],
    adds.map((op) => input[op]!),
  );
}

const isRead = ({ names, f }: LinHistory, op: number) => names[f[op]!] === 'read';

function rankBetween({ rankOf }: Scratch, op: number, low: number, high: number): boolean {
  return rankOf[op]! > rankOf[low]! && rankOf[op]! < rankOf[high]!;
}

function adderOf(history: LinHistory, part: Part, element: number): number {
  return part.events.find((op) => op >= 0 && !isRead(history, op) && history.input[op] === element)!;
}
