import type { ClaimVerdict } from '../harness/run/claim-table.ts';

/** A verdict is a word and a sign, never a colour alone. */
export const signs: Record<ClaimVerdict, string> = {
  pass: '✔',
  violation: '✘',
  invalid: '!',
  inconclusive: '?',
  budget: '◷',
  unsupported: '–',
  'not run': '○',
};

/** What each verdict means, in the words of the reports. */
export const meanings: Record<ClaimVerdict, string> = {
  pass: 'every rule saw what it judges, and no promise was broken',
  violation: 'a documented promise was broken',
  invalid: 'the run proves nothing: something that had to happen did not',
  inconclusive: 'a rule could not decide',
  budget: 'no promise was broken, but a time budget was',
  unsupported: 'this machine or backend cannot do what the scenario needs',
  'not run': 'it was to be tried, and was not',
};
