import { count, duration, plural, size, utc } from '../format.ts';
import {
  checkLine,
  landed,
  longestOutageMs,
  type RunReport,
  replayLine,
  type ScenarioReport,
  toldInFull,
} from '../report.ts';
import { meanings } from '../signs.ts';
import { tagsOf } from './claims.ts';
import { type Html, html, type Part } from './html.ts';
import { anchor, badge, none, notRecorded, table } from './parts.ts';

export function header(report: RunReport): Html {
  const { meta, verdict, exitCode, durationMs } = report;
  const facts: [string, Part][] = [
    ['suite', meta.suite],
    ['seed', meta.seed],
    ['ZooKeeper', meta.zookeeper.join(', ')],
    ...(meta.kafka ? [['Kafka', meta.kafka.join(', ')] as [string, Part]] : []),
    ['backend', meta.backend],
    ['started', utc(new Date(meta.startedAt))],
    ['took', durationMs === undefined ? 'never ended' : duration(durationMs)],
    ['exit code', exitCode],
    ['gauntlet', meta.gauntlet],
    ['Node', meta.node],
    ['Java', meta.java ?? 'none'],
    ['machine', `${meta.host.os}, ${plural(meta.host.cores, 'core')}, ${size(meta.host.memoryBytes)}`],
  ];
  return html`<header>
<h1>${badge(verdict)} gauntlet ${meta.suite}</h1>
<p>${sentence(meanings[verdict])}</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<dl class="commands">
${command('judge the stored evidence again', checkLine(report.dir))}
${command('the same plan again', meta.command)}
${verdict === 'violation' && meta.backend !== 'external' && command('what was found again, after the same events', replayLine(report.dir))}
</dl>
</header>
`;
}

const sentence = (words: string) => `${words[0]!.toUpperCase()}${words.slice(1)}.`;

const command = (about: string, line: string) =>
  html`<div><dt>${about}</dt><dd><code>${line}</code></dd></div>`;

export function overview(report: RunReport): Html {
  const { scenarios, claims } = report;
  const full = new Set(toldInFull(report));
  const columns = [
    { name: 'scenario' },
    { name: 'verdict' },
    { name: 'claims' },
    { name: 'findings', numeric: true },
    { name: 'faults landed', numeric: true },
    { name: 'leaders', numeric: true },
    { name: 'operations', numeric: true },
    { name: 'acked writes', numeric: true },
    { name: 'no answer', numeric: true },
    { name: 'longest without writes', numeric: true },
    { name: 'time', numeric: true },
  ];
  return html`<nav aria-labelledby="scenarios-h">
<h2 id="scenarios-h">Scenarios</h2>
${full.size < scenarios.length && html`<p class="muted">With so many, those that passed are only listed; what they left is in their folders.</p>`}
${
  scenarios.length > 0
    ? table(
        'Scenarios',
        columns,
        scenarios.map((scenario) => overviewRow(scenario, claims, full.has(scenario))),
      )
    : html`<p>No scenario was recorded: nothing ran.</p>`
}
</nav>
`;
}

function overviewRow(scenario: ScenarioReport, claims: RunReport['claims'], isFull: boolean): Part[] {
  const { name, judged, faults, journal, reigns, traffic, findings, outages, endNs } = scenario;
  const ran = journal.length > 0;
  return [
    isFull ? html`<a href="#${anchor(scenario)}">${name}</a>` : name,
    badge(judged.verdict),
    tagsOf(scenario.scenario?.tags ?? [], claims),
    findings.length > 0 ? findings.length : none,
    ran ? `${landed(faults).length} of ${faults.length}` : notRecorded,
    reigns.length > 0 ? reigns.length : notRecorded,
    traffic ? count(traffic.totals.ops) : notRecorded,
    traffic ? count(traffic.totals.writes) : notRecorded,
    traffic ? count(traffic.totals.unknown) : notRecorded,
    traffic ? (outages.length > 0 ? duration(longestOutageMs(scenario)) : none) : notRecorded,
    ran ? duration(endNs / 1e6) : notRecorded,
  ];
}
