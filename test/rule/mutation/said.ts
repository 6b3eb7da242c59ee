import { verdictOf } from '../../../harness/rule/judge.ts';
import type { Evidence, Rule } from '../../../harness/rule/rule.ts';

/** What a rule says of a history, without looking for the core of its findings. */
export function saidBy(rule: Rule, evidence: Evidence): string {
  if (rule.needs?.some((need) => evidence.lacks[need] !== undefined)) return 'unsupported';
  const judgement = rule.judge(evidence);
  const { verdict } = verdictOf(judgement);
  const gap = verdict === 'pass' && judgement.findings.length > 0;
  return gap ? 'gap' : verdict;
}
