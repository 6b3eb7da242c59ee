import type { Finding, ScenarioVerdict } from '../rule/verdict.ts';

/** What makes two findings the same one: the rule, and what it says is wrong, whoever it happened to. */
export interface Kind {
  rule: string;
  /** The title with its particulars left out: "acknowledged write … (session N) of PATH at zxid ZXID is missing on SERVERS". */
  what: string;
}

/** What differs from run to run, in the order in which it is left out. */
const particulars: readonly { of: RegExp; as: string }[] = [
  { of: /"(?:[^"\\]|\\.)*"/g, as: '…' },
  { of: /zk\d+(?:(?:, | and )zk\d+)*/g, as: 'SERVERS' },
  { of: /\b0x[0-9a-f]+\b/g, as: 'ZXID' },
  { of: /(?<=^|[\s(:])\/[^\s,:;)]*/g, as: 'PATH' },
  { of: /\d+(?:[.,]\d+)*/g, as: 'N' },
];

export function kindOf({ rule, title }: Pick<Finding, 'rule' | 'title'>): Kind {
  const what = particulars.reduce((text, { of, as }) => text.replace(of, as), title);
  return { rule, what };
}

/** The kinds of breaches in a verdict, each once, in the verdict's order; documented gaps and budgets are none. */
export function kindsIn(verdict: Pick<ScenarioVerdict, 'rules'>): Kind[] {
  const kinds = violationsIn(verdict).map(kindOf);
  return kinds.filter((kind, i) => kinds.findIndex((other) => sameKind(kind, other)) === i);
}

/** The first finding of one of these kinds. */
export function findingLike(
  verdict: Pick<ScenarioVerdict, 'rules'>,
  kinds: readonly Kind[],
): Finding | undefined {
  return violationsIn(verdict).find((finding) => kinds.some((kind) => sameKind(kind, kindOf(finding))));
}

const violationsIn = ({ rules }: Pick<ScenarioVerdict, 'rules'>) =>
  rules.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'violation');

export const sameKind = (a: Kind, b: Kind) => a.rule === b.rule && a.what === b.what;
