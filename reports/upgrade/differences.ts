import type { Answered } from './calls.ts';
import { announcementOf, type Documented } from './documented.ts';

/** A call that two releases answer differently, and where that is written down, if it is. */
export interface Difference {
  call: string;
  before: string;
  after: string;
  /** Undefined: nobody announced it, as far as this table knows. */
  documented: Documented | undefined;
}

export interface Differential {
  /** Calls both answered. */
  compared: number;
  differences: Difference[];
}

/**
 * Answers of two releases to one and the same script, side by side. Undefined when one of them did not get to the end, or
 * was asked something else: then there is nothing to compare.
 */
export function differencesOf(
  before: readonly Answered[],
  after: readonly Answered[],
  releases: { from: string; to: string },
): Differential | undefined {
  const alike = before.length === after.length && before.every(({ call }, i) => after[i]!.call === call);
  if (!alike || before.length === 0) return undefined;
  const differences = before.flatMap(({ call, answer }, i): Difference[] => {
    const other = after[i]!.answer;
    if (answer === other) return [];
    const difference = { call, before: answer, after: other };
    return [{ ...difference, documented: announcementOf(difference, releases) }];
  });
  return { compared: before.length, differences };
}

export const surprising = ({ differences }: Differential): Difference[] =>
  differences.filter((each) => each.documented === undefined);
