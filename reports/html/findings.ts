import { formatZxid, type Op } from '../../harness/history/op.ts';
import type { Finding } from '../../harness/rule/verdict.ts';
import { nodeName } from '../../harness/topology/topology.ts';
import { type FindingDetail, mostDetails } from '../finding-details.ts';
import { duration, plural } from '../format.ts';
import type { ScenarioReport } from '../report.ts';
import { opInWords } from '../words.ts';
import { corePlot } from './core-plot.ts';
import { type Html, html } from './html.ts';
import { logWindows } from './log-windows.ts';
import { anchor, moment, relativeLink, section, table } from './parts.ts';

/** Titles beyond this are only counted. */
const mostTitles = 200;

export function findingsSection(scenario: ScenarioReport): Html | undefined {
  const { findings } = scenario;
  if (findings.length === 0) return undefined;
  const detailed = findings.slice(0, mostDetails);
  const rest = findings.slice(mostDetails);
  return section(
    scenario,
    'findings',
    plural(findings.length, 'finding'),
    html`${detailed.map((detail) => findingArticle(scenario, detail, findings.indexOf(detail)))}
${
  rest.length > 0 &&
  html`<h4>${plural(rest.length, 'more finding')}, in words only</h4>
<ul>${rest.slice(0, mostTitles).map(({ finding }) => html`<li>${moment(scenario, finding.atNs)} ${finding.title}</li>\n`)}</ul>
${rest.length > mostTitles && html`<p>${plural(rest.length - mostTitles, 'more')} in verdict.json.</p>`}`
}`,
  );
}

function findingArticle(
  scenario: ScenarioReport,
  { finding, ops, around, core }: FindingDetail,
  index: number,
): Html {
  const gap = finding.severity === 'gap';
  const about = [
    finding.servers.length > 0 && html`servers ${finding.servers.map(nodeName).join(', ')}`,
    finding.zxids.length > 0 && html`zxids ${finding.zxids.join(', ')}`,
    html`rule ${finding.rule}`,
  ].filter((part) => part !== false);
  return html`<article class="finding ${finding.severity}" id="${anchor(scenario, `finding-${index + 1}`)}">
<h4>${index + 1}. ${gap && html`<span class="badge gap">documented gap</span> `}${finding.severity === 'budget' && html`<span class="badge budget">over its time</span> `}${finding.title}</h4>
<p>${finding.words}</p>
<p class="muted">at ${moment(scenario, finding.atNs)} · ${about.map((part, i) => html`${i > 0 && ' · '}${part}`)}</p>
${ops.length > 0 && opTable(scenario, `Operations of the finding: ${finding.title}`, ops)}
${core.length > 0 && corePlot(scenario, ops, core)}
${
  core.length > ops.length &&
  html`<details><summary>the ${plural(core.length, 'operation')} of ${finding.core!.of} without which this finding would not stand</summary>
${opTable(scenario, 'The least history in which the finding stands', core)}</details>`
}
${
  around.length > 0 &&
  html`<details><summary>${plural(around.length, 'operation')} on the same nodes just before and after</summary>
${opTable(scenario, 'Operations on the same nodes', around)}</details>`
}
${logWindows(scenario, scenario.logs.get(finding) ?? [])}
${kept(scenario, finding)}
</article>
`;
}

/** Where the cut that was open then is drawn, and where the logs and disks of the servers are. */
function kept(scenario: ScenarioReport, { atNs, servers }: Finding): Html | false {
  const { splits, files, slug, sids } = scenario;
  const folder = (name: string) => html`<a href="${relativeLink(`${slug}/${name}`)}">${name}</a>`;
  const has = (name: string) => files.some(({ path }) => path.startsWith(`${slug}/${name}`));
  const named = (servers.length > 0 ? servers : sids).map(nodeName);
  const logs = named.map((node) => `logs/${node}.log`).filter(has);
  const disks = named.map((node) => `evidence/${node}/`).filter(has);
  const parts = [
    splits.some(({ landedNs }) => landedNs <= atNs) &&
      html`<a href="#${anchor(scenario, 'split')}">the split-brain picture</a>`,
    logs.length > 0 && html`logs: ${logs.map((name, i) => html`${i > 0 && ', '}${folder(name)}`)}`,
    disks.length > 0 &&
      html`disks as they were at the end: ${disks.map((name, i) => html`${i > 0 && ', '}${folder(name)}`)}`,
  ].filter((part) => part !== false);
  return (
    parts.length > 0 && html`<p class="muted">${parts.map((part, i) => html`${i > 0 && ' · '}${part}`)}</p>`
  );
}

const columns = [
  { name: 'requested', numeric: true },
  { name: 'took', numeric: true },
  { name: 'session', numeric: true },
  { name: 'server' },
  { name: 'phase' },
  { name: 'request' },
  { name: 'answer' },
  { name: 'zxid', numeric: true },
];

function opTable(scenario: ScenarioReport, label: string, ops: readonly Op[]): Html {
  const rows = ops.map((op) => {
    const { request, answer } = opInWords(op);
    return [
      moment(scenario, op.invokedNs, op.returnedNs),
      duration((op.returnedNs - op.invokedNs) / 1e6),
      op.session,
      op.server === 0 ? '–' : nodeName(op.server),
      op.phase,
      html`<code>${request}</code>`,
      html`<code>${answer}</code>`,
      op.zxid === 0 ? '–' : formatZxid(op.zxid),
    ];
  });
  return table(label, columns, rows);
}
