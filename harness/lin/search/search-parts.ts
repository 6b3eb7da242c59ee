import type { LinHistory } from '../history.ts';
import type { Part } from '../partition.ts';
import { type Calls, callsOf } from './calls.ts';
import { engines } from './contest.ts';
import { searchOnThreads } from './crew.ts';
import type { Specification } from './problem.ts';
import { Rounds, type Task } from './rounds.ts';

export interface SearchLimits {
  /** ms on `performance.now()`. */
  readonly deadline: number;
  readonly memoryBytes: number;
  readonly threads: number;
}

export type SearchOutcome =
  | { verdict: 'ok' }
  | { verdict: 'violation'; part: Part }
  | { verdict: 'unknown'; parts: Part[]; reason: string };

/** Before threads are worth their start, in ms. */
const aloneMs = 300;

/**
 * Searches parts, all of them a little before any of them long. What is not decided soon goes to threads, if the model is
 * one of ours (it has a `name`).
 */
export async function searchParts(
  history: LinHistory,
  specification: Specification & { name?: string },
  parts: readonly Part[],
  { deadline, memoryBytes, threads }: SearchLimits,
): Promise<SearchOutcome> {
  const numberOf = new Int32Array(history.length);
  const calls = new Map<number, Calls>();
  for (const [index, part] of parts.entries())
    calls.set(index, callsOf(history, part.events, undefined, numberOf));
  const tasks = [...calls].map(([part, its]): Task => ({ part, calls: its, engines }));
  const rounds = new Rounds(specification, tasks, memoryBytes);
  const outOfMemory: Part[] = [];
  const { name } = specification;
  const threadsFrom =
    threads > 0 && name !== undefined ? performance.now() + aloneMs : Number.POSITIVE_INFINITY;
  while (!rounds.done) {
    for (const told of rounds.round()) {
      if (told?.verdict === 'violation') return { verdict: 'violation', part: parts[told.part]! };
      if (told?.verdict === 'memory') outOfMemory.push(parts[told.part]!);
      if (told !== undefined) calls.delete(told.part);
      if (performance.now() > deadline)
        return unknownOf([...outOfMemory, ...chosen(parts, calls.keys())], 'time');
    }
    if (rounds.done || performance.now() < threadsFrom) continue;
    const found = await searchOnThreads({ model: name!, parts: calls, threads, memoryBytes, deadline });
    if ('violation' in found) return { verdict: 'violation', part: parts[found.violation]! };
    return unknownOf([...outOfMemory, ...chosen(parts, found.undecided)], found.reason);
  }
  return unknownOf(outOfMemory, 'memory');
}

const chosen = (parts: readonly Part[], indices: Iterable<number>) =>
  [...indices].map((index) => parts[index]!);

const reasons = {
  time: 'the time was over before every order was tried',
  memory: 'the search needs more memory than it may have',
};

function unknownOf(parts: Part[], reason: keyof typeof reasons): SearchOutcome {
  return parts.length === 0 ? { verdict: 'ok' } : { verdict: 'unknown', parts, reason: reasons[reason] };
}
