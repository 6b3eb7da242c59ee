import { count } from '../format.ts';
import type { ScenarioReport } from '../report.ts';
import { type Html, html } from './html.ts';
import { badge, none, section, table } from './parts.ts';

/** The promise behind each rule, by rule name. */
export type Guarantees = ReadonlyMap<string, { quote: string; source: string }>;

export function rulesSection(scenario: ScenarioReport, guarantees: Guarantees): Html {
  const { rules } = scenario.judged;
  if (rules.length === 0)
    return section(scenario, 'rules', 'Rules', html`<p>No rule judged this scenario.</p>`);
  const columns = [
    { name: 'rule' },
    { name: 'verdict' },
    { name: 'promise' },
    { name: 'looked at', numeric: true },
    { name: 'seen' },
  ];
  const rows = rules.map((rule) => {
    const promise = guarantees.get(rule.rule);
    return [
      rule.rule,
      badge(rule.verdict),
      promise ? html`<q>${promise.quote}</q> <cite>${promise.source}</cite>` : none,
      count(rule.relevant),
      html`${rule.seen}${rule.reason !== undefined && html`; <strong>${rule.reason}</strong>`}`,
    ];
  });
  return section(scenario, 'rules', 'Rules', table('Rules', columns, rows));
}
