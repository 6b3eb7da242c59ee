import { type RunReport, type ScenarioReport, toldInFull } from '../report.ts';
import type { Assets } from './assets.ts';
import { brokersSection } from './brokers.ts';
import { claimsSection } from './claims.ts';
import { script } from './client.ts';
import { coverageSection } from './coverage.ts';
import { htmlDocument } from './document.ts';
import { findingsSection } from './findings.ts';
import { header, overview } from './header.ts';
import { type Html, html, raw } from './html.ts';
import { anchor, badge } from './parts.ts';
import { environmentSection, planSection } from './record.ts';
import { type Guarantees, rulesSection } from './rules.ts';
import { splitSection } from './split.ts';
import { style } from './style.ts';
import { durabilitySection, electionsSection, faultsSection, outagesSection } from './tables.ts';
import { timelineSection } from './timeline.ts';

/** report.html, of one run. */
export function renderHtml(report: RunReport, guarantees: Guarantees, assets: Assets): string {
  const { meta, verdict } = report;
  const scenarios = toldInFull(report);
  return htmlDocument({
    title: `${verdict}: gauntlet ${meta.suite}, seed ${meta.seed}`,
    styles: [assets.chartStyle, style],
    scripts: [assets.chartScript, script],
    main: html`<main>
${header(report)}
${overview(report)}
${claimsSection(report)}
${coverageSection(report)}
${scenarios.map((scenario) => scenarioArticle(scenario, guarantees, opened(scenario, scenarios)))}
</main>`,
  });
}

/** What went wrong is open; with nothing wrong, or a single scenario, the first is. */
function opened(scenario: ScenarioReport, all: readonly ScenarioReport[]): boolean {
  const wrong = all.filter(({ judged }) => judged.verdict !== 'pass' && judged.verdict !== 'unsupported');
  return wrong.length > 0 ? wrong.includes(scenario) : scenario === all[0];
}

function scenarioArticle(scenario: ScenarioReport, guarantees: Guarantees, open: boolean): Html {
  const { name, judged } = scenario;
  return html`<details class="scenario" id="${anchor(scenario)}"${open && raw(' open')}>
<summary><h2>${badge(judged.verdict)} ${name}</h2></summary>
${scenario.scenario?.about && html`<p>${scenario.scenario.about}</p>`}
${judged.reasons.length > 0 && html`<ul class="reasons">${judged.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${judged.untested && html`<p>Not put to the test:</p><ul class="muted">${judged.untested.map((each) => html`<li>${each}</li>`)}</ul>`}
${scenario.cutShort !== undefined && html`<p>Cut short: ${scenario.cutShort}</p>`}
${findingsSection(scenario)}
${splitSection(scenario)}
${timelineSection(scenario)}
<div class="pair">${faultsSection(scenario)}${outagesSection(scenario)}</div>
${brokersSection(scenario)}
${electionsSection(scenario)}
${durabilitySection(scenario)}
${rulesSection(scenario, guarantees)}
${planSection(scenario)}
${environmentSection(scenario)}
</details>
`;
}
