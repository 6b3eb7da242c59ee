import type { Verdict } from '../../harness/rule/verdict.ts';

/** What a scenario is about: the old release by itself, or the way and the new one. */
export type Concern = 'before' | 'way';

export interface Tried {
  name: string;
  concern: Concern;
  verdict: Verdict;
  /** Half-sentences: the findings, or why nothing is proven. */
  reasons: string[];
}

export interface Facts {
  tried: readonly Tried[];
  /** Undefined when answers could not be compared; how many were unlike and nowhere announced. */
  surprises: number | undefined;
  /** Whether only some scenarios were tried. */
  filtered: boolean;
}

export type Answer = 'go' | 'no-go' | 'invalid';

export interface Reason {
  text: string;
  /** Of the scenario it comes from. */
  scenario?: string;
}

export interface Decision {
  answer: Answer;
  /** Why no-go. */
  blocking: Reason[];
  /** Why nothing is proven. */
  open: Reason[];
  /** What does not count against it, and what a person should look at. */
  told: Reason[];
}

/** What a verdict means for the answer, by what the scenario is about. Broken on the old release alone: known to whoever runs it. */
const weight: Record<Concern, Record<Verdict, 'blocking' | 'open' | 'told' | 'fine'>> = {
  way: {
    violation: 'blocking',
    invalid: 'open',
    inconclusive: 'open',
    unsupported: 'open',
    budget: 'told',
    pass: 'fine',
  },
  before: {
    violation: 'told',
    invalid: 'told',
    inconclusive: 'told',
    unsupported: 'told',
    budget: 'told',
    pass: 'fine',
  },
};

/** A breach on the way decides, whatever else is unproven; without one, all of the way must be proven. */
export function decide({ tried, surprises, filtered }: Facts): Decision {
  const blocking: Reason[] = [];
  const open: Reason[] = [];
  const told: Reason[] = [];
  const lists = { blocking, open, told };
  for (const { name, concern, verdict, reasons } of tried) {
    const list = weight[concern][verdict];
    if (list === 'fine') continue;
    const words = reasons.length > 0 ? reasons : [verdict];
    lists[list].push(...words.map((text) => ({ text, scenario: name })));
  }
  if (!tried.some(({ concern }) => concern === 'way')) open.push({ text: 'nothing of the way was tried' });
  if (filtered)
    open.push({ text: 'only some scenarios were tried (--filter): that can say no-go, never go' });
  else if (surprises === undefined)
    open.push({ text: 'the answers of the two releases could not be compared call by call' });
  if (surprises !== undefined && surprises > 0) {
    told.push({
      text: `${surprises} ${surprises === 1 ? 'call is' : 'calls are'} answered differently, and no announcement is known here: look whether your clients depend on it`,
    });
  }
  const answer: Answer = blocking.length > 0 ? 'no-go' : open.length > 0 ? 'invalid' : 'go';
  return { answer, blocking, open, told };
}

/** Exit codes of `gauntlet upgrade`, those of all commands (harness/cli/exit-codes.ts). */
export const answerCodes: Record<Answer, number> = { go: 0, 'no-go': 1, invalid: 3 };
