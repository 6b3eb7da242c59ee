/** Worst first. */
const verdicts = ['violation', 'invalid', 'inconclusive', 'budget', 'unsupported', 'pass'] as const;
export type Verdict = (typeof verdicts)[number];

export function worst(all: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => all.includes(verdict)) ?? 'invalid';
}

/**
 * Process exit codes. A run in which nothing could be tried is not a pass: `unsupported` alone ends with 3.
 */
export const exitCodes: Record<Verdict, number> = {
  pass: 0,
  violation: 1,
  invalid: 3,
  inconclusive: 3,
  budget: 4,
  unsupported: 3,
};

/** One breach of one promise. A value, never thrown. */
export interface Finding {
  rule: string;
  /**
   * `violation` breaks a promise; `gap` is a weakness ZooKeeper documents: it is shown and does not turn the run red;
   * `budget` is a limit of time that was exceeded while every promise held.
   */
  severity: 'violation' | 'gap' | 'budget';
  /** One line: what is wrong, with the path, the servers and the zxids. */
  title: string;
  /** Two or three sentences as a colleague would write them. */
  words: string;
  atNs: number;
  /** Rows of the history involved, as indices; shown in this order. */
  ops: number[];
  servers: number[];
  /** As formatZxid prints them. */
  zxids: string[];
  core?: Core;
}

/** The least of the history in which a rule still makes the same finding, judged again to be sure. */
export interface Core {
  /** Rows of the history, in the order of the file. */
  ops: number[];
  /** How many rows the whole history has. */
  of: number;
}

export interface RuleResult {
  rule: string;
  verdict: 'pass' | 'violation' | 'inconclusive' | 'invalid' | 'budget' | 'unsupported';
  /** How many ops, servers, elections... the rule looked at. 0 is `invalid`: a rule that saw nothing proves nothing. */
  relevant: number;
  /** What was seen, in half a sentence ("1,204 acknowledged writes on 3 servers"). */
  seen: string;
  findings: Finding[];
  /** Why it is inconclusive, invalid, over its budget or unsupported. */
  reason?: string;
}

/** What happened to a scenario apart from the rules: why there may be nothing to judge. */
export interface ScenarioVerdict {
  scenario: string;
  verdict: Verdict;
  /** One sentence each; empty for a pass. */
  reasons: string[];
  rules: RuleResult[];
  /** What was not put to the test although a reader may think so; shown beside a pass, too. */
  untested?: string[];
}

export interface RunVerdict {
  verdict: Verdict;
  exitCode: number;
  scenarios: ScenarioVerdict[];
}
