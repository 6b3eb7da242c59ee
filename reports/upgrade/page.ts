import { count, duration, plural, size, utc } from '../format.ts';
import { htmlDocument } from '../html/document.ts';
import { type Html, html, type Part, raw } from '../html/html.ts';
import { anchor, badge, none, table } from '../html/parts.ts';
import { style } from '../html/style.ts';
import type { Reason } from './decide.ts';
import type { Difference } from './differences.ts';
import { figuresSection, figuresStyle } from './figures-section.ts';
import type { StageReport, UpgradeReport, UpgradeScenario } from './upgrade-report.ts';
import { answerSigns, meaningOf, reasonLists } from './words.ts';

const ownStyle = `
.answer { font-size: 28px; padding: 0 12px; } .answer.go { color: var(--pass); } .answer.no-go { color: var(--violation); } .answer.invalid { color: var(--invalid); }
.reasons-list { padding-left: 20px; } .reasons-list li { margin: 2px 0; overflow-wrap: anywhere; }
.stages tbody { border-top: 1px solid var(--line); } .stages tbody td, .stages tbody th { border: 0; } .stages tbody th { padding-top: 6px; color: var(--text); } .stages tbody td:first-child { padding-left: 12px; } .stages th .muted { font-weight: 400; } .stages td.breach { padding-left: 24px; white-space: normal; }
td code { white-space: pre-wrap; }
`;

/** upgrade.html: the answer first, then what it rests on. One file; findings in full are in report.html beside it. */
export function renderUpgrade(report: UpgradeReport): string {
  const { asked, decision, run } = report;
  const { from, to } = asked;
  return htmlDocument({
    title: `${decision.answer}: ZooKeeper ${from} to ${to}`,
    styles: [style, ownStyle, figuresStyle],
    main: html`<main>
<header>
<h1><span class="badge answer ${decision.answer}"><span aria-hidden="true">${answerSigns[decision.answer]}</span> ${decision.answer}</span> ZooKeeper ${from} to ${to}</h1>
<p>${meaningOf(report)}</p>
${reasonLists(decision, asked).map(
  ({ title, reasons }) => html`<h2>${title}</h2>
${reasonItems(reasons, report)}`,
)}
</header>
${stagesSection(report)}
${figuresSection(report)}
${differencesSection(report)}
${knownBugsSection(report)}
${operatorsSection(report)}
<section aria-labelledby="how-h"><h2 id="how-h">How this was found out</h2>
${facts(report)}
<p>Every finding in full, with operations, logs and elections: <a href="report.html">report.html</a>. The same again: <code>${run.meta.command}</code></p>
</section>
</main>`,
  });
}

/** By scenario, which leads to all that was found there. */
function reasonItems(reasons: readonly Reason[], { scenarios }: UpgradeReport): Html {
  const names = [...new Set(reasons.map(({ scenario }) => scenario))];
  const items = names.map((name) => {
    const texts = reasons
      .filter(({ scenario }) => scenario === name)
      .map(({ text }) => html`<li>${text}</li>`);
    const found = scenarios.find(({ report }) => report.name === name);
    if (!found) return texts;
    return html`<li><a href="report.html#${anchor(found.report)}">${found.report.name}</a><ul>${texts}</ul></li>`;
  });
  return html`<ul class="reasons-list">${items}</ul>`;
}

/** Every column but the first is of numbers. */
function columnsOf({ kafka }: UpgradeReport['asked']): string[] {
  const all = ['stage', 'breaches', 'acked writes', 'leaders', 'faults', 'longest without writes'];
  return kafka === undefined ? all : [...all, 'acked records', 'longest without records'];
}

function stagesSection({ scenarios, asked }: UpgradeReport): Html {
  const columns = columnsOf(asked);
  const numeric = (i: number) => i > 0 && raw(' class="num"');
  return html`<section aria-labelledby="stages-h"><h2 id="stages-h">Safety, stage by stage</h2>
<p class="muted">A breach stands where the operation does that it is about: a lost write at the stage that acknowledged it, although a later one lost it. What ${asked.from} does alone is told and does not count.</p>
<div class="scroll" role="region" aria-label="Safety, stage by stage" tabindex="0"><table class="stages">
<thead><tr>${columns.map((name, i) => html`<th scope="col"${numeric(i)}>${name}</th>`)}</tr></thead>
${scenarios.map((each) => html`<tbody>${rowsOf(each, columns.length)}</tbody>\n`)}</table></div>
</section>
`;
}

function rowsOf({ report, concern, stages }: UpgradeScenario, columns: number): Part {
  const aside = concern === 'before' && html` <span class="muted">not counted</span>`;
  const head = html`<tr><th scope="rowgroup" colspan="${columns}"><a href="report.html#${anchor(report)}">${report.name}</a> ${badge(report.judged.verdict)}${aside}</th></tr>\n`;
  if (stages.length === 0)
    return html`${head}<tr><td colspan="${columns}">nothing of it was written down</td></tr>`;
  return html`${head}${stages.map((stage) => stageRows(stage, columns))}`;
}

/** Words about breaches have a row of their own: they are long, and numbers should stay beside each other. */
function stageRows(
  { name, findings, ackedWrites, leaders, faults, longestOutageMs, records }: StageReport,
  columns: number,
): Html {
  const [first] = findings;
  const numbers = [
    first ? html`<span class="bad">✘ ${count(findings.length)}</span>` : none,
    count(ackedWrites),
    leaders,
    faults,
    longestOutageMs > 0 ? duration(longestOutageMs) : none,
    records ? count(records.acked) : none,
    records && records.acked > 0 ? duration(records.longestGapMs) : none,
  ].slice(0, columns - 1);
  return html`<tr><td>${name}</td>${numbers.map((cell) => html`<td class="num">${cell}</td>`)}</tr>
${first && html`<tr><td class="bad breach" colspan="${columns}">${first.title}</td></tr>\n`}`;
}

function differencesSection({ differential, asked }: UpgradeReport): Html {
  const { from, to } = asked;
  if (!differential) {
    return html`<section aria-labelledby="answers-h"><h2 id="answers-h">Answers, call by call</h2>
<p>Not compared: the script was not answered to its end by both releases.</p></section>`;
  }
  const { compared, differences } = differential;
  const columns = ['call', `${from} answers`, `${to} answers`, ''].map((name) => ({ name }));
  return html`<section aria-labelledby="answers-h"><h2 id="answers-h">Answers, call by call</h2>
<p>${count(compared)} calls, those that must be refused among them, were asked on both: ${differences.length === 0 ? 'all are answered alike' : html`${plural(differences.length, 'is', 'are')} answered differently`}.</p>
${differences.length > 0 && table('Answers that differ', columns, differences.map(differenceCells))}
</section>
`;
}

function differenceCells({ call, before, after, documented }: Difference): Part[] {
  const word = documented
    ? html`documented: ${documented.what} <span class="muted">(${documented.source}, ${documented.since.join(', ')})</span>`
    : html`<b>surprising</b>`;
  return [html`<code>${call}</code>`, html`<code>${before}</code>`, html`<code>${after}</code>`, word];
}

function knownBugsSection({ asked }: UpgradeReport): Html {
  const { knownBugs, to } = asked;
  return html`<section aria-labelledby="bugs-h"><h2 id="bugs-h">Known bugs of ${to}</h2>
${
  knownBugs.length === 0
    ? html`<p>None of the bugs that this harness has a recipe for was brought back on ${to}. Others exist: read its release notes.</p>`
    : html`<p>Brought back on ${to} by their recipes, whatever was seen above; they are told and do not count:</p>
<ul>${knownBugs.map(({ id, breaks }) => html`<li><b>${id}</b>: ${breaks} (<code>gauntlet repro ${id}</code>)</li>`)}</ul>`
}
</section>
`;
}

function operatorsSection({ asked }: UpgradeReport): Html | false {
  const { config, data } = asked;
  if (!config && !data) return false;
  const carried = Object.entries(config?.carried ?? {});
  return html`<section aria-labelledby="own-h"><h2 id="own-h">What of yours was used</h2>
${data && html`<p>Every server began with a copy of ${data.directory}: ${plural(data.snapshots, 'snapshot')}, ${plural(data.logs, 'transaction log')}, ${size(data.bytes)}.</p>`}
${config && html`<p>Of ${config.file} these lines held for all servers: ${carried.length === 0 ? 'none' : carried.map(([key, value], i) => html`${i > 0 && ', '}<code>${key}=${value}</code>`)}.</p>`}
${
  config &&
  config.left.length > 0 &&
  table(
    'Lines not carried over',
    [{ name: 'line', numeric: true }, { name: 'not carried over' }, { name: 'because' }],
    config.left.map(({ line, text, why }) => [line, html`<code>${text}</code>`, why]),
  )
}
</section>
`;
}

function facts({ run, asked }: UpgradeReport): Html {
  const { meta, durationMs } = run;
  const all: [string, Part][] = [
    ['seed', meta.seed],
    ['backend', meta.backend],
    ['on top', asked.kafka === undefined ? 'no brokers' : `Kafka ${asked.kafka} in one scenario`],
    ['started', utc(new Date(meta.startedAt))],
    ['took', durationMs === undefined ? 'never ended' : duration(durationMs)],
    ['gauntlet', meta.gauntlet],
    ['Java', meta.java ?? 'none'],
    ['machine', `${meta.host.os}, ${plural(meta.host.cores, 'core')}, ${size(meta.host.memoryBytes)}`],
  ];
  return html`<dl class="facts">${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
