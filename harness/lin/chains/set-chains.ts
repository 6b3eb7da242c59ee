import { type LinHistory, outcomeCodes } from '../history.ts';
import type { Part } from '../partition.ts';
import { contradictionIn } from './chains.ts';
import { type Decision, ok, undecided, violation } from './decision.ts';
import type { Scratch } from './scratch.ts';
import { coreOfOrder, elementsRead, setCore } from './set-core.ts';

/** A value's flags: added, added twice, seen by the reads looked at so far. */
const addedTwice = 1;
const seen = 2;

/**
 * A set that only grows, each element added once and read as a whole: reads must be nested, which orders them by size, and
 * an element was added after the last read without and before the first read with it. That is one chain with ranks for
 * `chains.ts`; adds between the same two reads commute. An unknown add that nobody saw is left out.
 */
export function decideSet(history: LinHistory, part: Part, scratchOf: () => Scratch): Decision {
  const touched: number[] = [];
  const scratch = scratchOf();
  try {
    return decide(history, part, scratch, touched);
  } finally {
    for (const value of touched) {
      scratch.writerOf[value] = -1;
      scratch.valueFlags[value] = 0;
    }
  }
}

function decide(history: LinHistory, part: Part, scratch: Scratch, touched: number[]): Decision {
  const { f, names, input, outcome, output } = history;
  const { chainOf, rankOf, writerOf, valueFlags } = scratch;
  /** By the id of what was read, one of its readers. */
  const readers = new Map<number, number>();
  for (const op of part.events) {
    if (op < 0) continue;
    chainOf[op] = -1;
    const name = names[f[op]!]!;
    if (name === 'remove') return undecided('elements are removed');
    if (name === 'read') {
      if (outcome[op] === outcomeCodes.ok && !readers.has(output[op]!)) readers.set(output[op]!, op);
      continue;
    }
    const element = input[op]!;
    touched.push(element);
    if (writerOf[element]! >= 0) valueFlags[element]! |= addedTwice;
    else writerOf[element] = op;
  }
  const ranked = rankReads(history, scratch, [...readers.values()]);
  if ('verdict' in ranked) return ranked;
  for (const op of part.events) {
    if (op < 0) continue;
    if (names[f[op]!] === 'read') {
      if (outcome[op] !== outcomeCodes.ok) continue;
      rankOf[op] = ranked.rankOfRead.get(output[op]!)!;
      chainOf[op] = 0;
    } else if ((valueFlags[input[op]!]! & seen) !== 0) {
      chainOf[op] = 0;
    } else if (outcome[op] === outcomeCodes.ok) {
      rankOf[op] = ranked.top;
      chainOf[op] = 0;
    }
  }
  const breach = contradictionIn(part, { count: 1, chainOf, rankOf, first: -1 });
  return breach === undefined ? ok : violation(breach, coreOfOrder(history, part, scratch, breach));
}

/** Ranks for reads by content (odd) and, in `rankOf`, for the adds they saw first (even). */
function rankReads(
  history: LinHistory,
  { rankOf, writerOf, valueFlags }: Scratch,
  readers: number[],
): Decision | { rankOfRead: Map<number, number>; top: number } {
  const { output } = history;
  const bySize = readers
    .map((op) => ({ op, elements: elementsRead(history, op) }))
    .sort((a, b) => a.elements.size - b.elements.size);
  const rankOfRead = new Map<number, number>();
  let [rank, before] = [1, 0];
  for (const [index, { op, elements }] of bySize.entries()) {
    let kept = 0;
    if (elements.size > before) rank += 2;
    for (const element of elements) {
      const adder = writerOf[element]!;
      if (adder < 0) return violation({ kind: 'unwritten', op }, setCore(history, [op], [element]));
      if ((valueFlags[element]! & addedTwice) !== 0) return undecided('an element was added more than once');
      if ((valueFlags[element]! & seen) !== 0) {
        kept++;
      } else {
        valueFlags[element]! |= seen;
        rankOf[adder] = rank - 1;
      }
    }
    if (kept < before) {
      const other = bySize[index - 1]!;
      const lacks = [...other.elements].find((element) => !elements.has(element))!;
      const has = [...elements].find((element) => !other.elements.has(element))!;
      const ops = [other.op, op, writerOf[lacks]!, writerOf[has]!];
      return violation({ kind: 'apart', ops: [other.op, op] }, setCore(history, ops, [lacks, has]));
    }
    before = elements.size;
    rankOfRead.set(output[op]!, rank);
  }
  return { rankOfRead, top: rank + 1 };
}
