import { messageOf } from '../base/trouble.ts';
import { ruleNamed } from './catalogue.ts';
import { coreOf } from './core.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { placed } from './tree/place.ts';
import { type Finding, type RuleResult, type ScenarioVerdict, type Verdict, worst } from './verdict.ts';
import { count, findingsMax, listed } from './words.ts';

/** Applies the rules to what a scenario left behind. Whatever is not proven is not a pass. */
export function judgeScenario(given: Evidence, names: readonly string[]): ScenarioVerdict {
  const evidence = { ...given, history: placed(given.history) };
  const results = names.map((name) => resultOf(ruleNamed(name), evidence));
  const reasons: string[] = [];
  const judged = results.filter(({ verdict }) => verdict !== 'unsupported');
  // A rule that cannot be applied here does not spoil what the others show; it stays visible.
  const verdicts: Verdict[] = (judged.length > 0 ? judged : results).map(({ verdict }) => verdict);
  if (evidence.history.torn) {
    verdicts.push('invalid');
    reasons.push('the client history has no end: its writer died, so what was done last is not known');
  }
  if (results.length === 0) reasons.push('no rule was applied, so nothing was judged');
  for (const result of judged) reasons.push(...reasonsOf(result));
  if (isClientsDoing(judged)) reasons.push("this is the client's doing: the servers did nothing wrong");
  const untested = untestedIn(results);
  if (judged.length === 0) reasons.push(...untested);
  return {
    scenario: evidence.scenario.name,
    verdict: worst(verdicts),
    reasons,
    rules: results,
    ...(untested.length > 0 && { untested }),
  };
}

/** Whether something is wrong, and only with what a client library owes; every other rule that was applied is content. */
function isClientsDoing(judged: readonly RuleResult[]): boolean {
  const wrong = judged.filter(({ verdict }) => verdict !== 'pass');
  return (
    wrong.length > 0 &&
    wrong.every(({ rule, verdict }) => ruleNamed(rule).of === 'client' && verdict === 'violation')
  );
}

/** Rules that could not be applied, by reason. */
function untestedIn(results: readonly RuleResult[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { rule, verdict, reason = '' } of results) {
    if (verdict === 'unsupported') byReason.set(reason, [...(byReason.get(reason) ?? []), rule]);
  }
  return [...byReason].map(
    ([reason, rules]) => `${rules.length === 1 ? 'rule' : 'rules'} ${listed(rules)}: ${reason}`,
  );
}

function reasonsOf({ rule, verdict, findings, reason }: RuleResult): string[] {
  if (verdict === 'pass') return [];
  const breaches = findings.filter(({ severity }) => severity === 'violation');
  if (verdict === 'violation') {
    const more = breaches.length > 1 ? ` (and ${count(breaches.length - 1, 'more finding')})` : '';
    return [`${rule}: ${breaches[0]!.title}${more}`];
  }
  return [`${rule}: ${reason}`];
}

function resultOf(rule: Rule, evidence: Evidence): RuleResult {
  const lacking = rule.needs?.map((need) => evidence.lacks[need]).find((why) => why !== undefined);
  if (lacking !== undefined) {
    const { name } = rule;
    return {
      rule: name,
      verdict: 'unsupported',
      relevant: 0,
      seen: 'nothing',
      findings: [],
      reason: lacking,
    };
  }
  let judgement: Judgement;
  try {
    judgement = rule.judge(evidence);
  } catch (error) {
    const reason = `the rule itself failed: ${messageOf(error)}`;
    return { rule: rule.name, verdict: 'invalid', relevant: 0, seen: 'nothing', findings: [], reason };
  }
  const { relevant, seen, findings } = judgement;
  const { verdict, reason } = verdictOf(judgement);
  return {
    rule: rule.name,
    verdict,
    relevant,
    seen,
    findings: findings.slice(0, findingsMax).map((finding, i) => withCore(rule, evidence, finding, i)),
    ...(reason !== undefined && { reason }),
  };
}

/** Findings of a rule beyond these are told without their core: it takes a few hundred judgements each. */
const coresMax = 3;

function withCore(rule: Rule, evidence: Evidence, finding: Finding, index: number): Finding {
  const core = index < coresMax ? coreOf(rule, evidence, finding) : undefined;
  return core ? { ...finding, core } : finding;
}

/** A breach that was seen stays one, whatever else is missing; then the worst reason not to believe a pass. */
export function verdictOf({ relevant, findings, invalid, inconclusive }: Judgement): {
  verdict: RuleResult['verdict'];
  reason?: string;
} {
  const reason = invalid ?? inconclusive;
  if (findings.some(({ severity }) => severity === 'violation')) {
    return { verdict: 'violation', ...(reason !== undefined && { reason }) };
  }
  if (invalid !== undefined) return { verdict: 'invalid', reason: invalid };
  if (relevant === 0) return { verdict: 'invalid', reason: 'nothing was there for this rule to look at' };
  if (inconclusive !== undefined) return { verdict: 'inconclusive', reason: inconclusive };
  const slow = findings.find(({ severity }) => severity === 'budget');
  if (slow) return { verdict: 'budget', reason: slow.title };
  return { verdict: 'pass' };
}
