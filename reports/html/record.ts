import type { PlannedStep } from '../../harness/plan/plan.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { nodeName, type Topology } from '../../harness/topology/topology.ts';
import { plural, seconds, size } from '../format.ts';
import type { ScenarioReport } from '../report.ts';
import { journalInWords, stepInWords } from '../words.ts';
import { type Html, html, type Part } from './html.ts';
import { moment, notRecorded, relativeLink, section, table } from './parts.ts';

export function planSection(scenario: ScenarioReport): Html | undefined {
  const { plan, journal } = scenario;
  if (!plan && journal.length === 0) return undefined;
  return section(
    scenario,
    'plan',
    'What was done',
    html`<h4>Plan</h4>
${plan ? planned([...(plan.formation ?? []), ...plan.steps]) : notRecorded}
${
  journal.length > 0 &&
  html`<details><summary>Journal: ${plural(journal.length, 'entry', 'entries')}</summary>
<ol class="journal">${journal.map((entry) => html`<li class="${entry.kind}">${moment(scenario, entry.atNs)} ${journalInWords(entry)}</li>\n`)}</ol></details>`
}`,
  );
}

function planned(steps: readonly PlannedStep[]): Html {
  if (steps.length === 0) return html`<p>No faults: the ensemble was left alone.</p>`;
  return html`<ol>${steps.map((step) => html`<li>${stepInWords(step)}</li>\n`)}</ol>`;
}

export function environmentSection(scenario: ScenarioReport): Html {
  const stored = scenario.scenario;
  return section(
    scenario,
    'environment',
    'Environment and files',
    html`${
      stored
        ? html`${topology(stored.topology, scenario.journal)}
<p>Workload: <code>${JSON.stringify(stored.workload)}</code></p>`
        : html`<p>Topology: ${notRecorded}</p>`
    }
${alarms(scenario)}
${scenario.absent.length > 0 && html`<p>Not recorded: ${scenario.absent.join(', ')}</p>`}
${scenario.damaged.length > 0 && html`<p><strong>Cannot be read:</strong></p><ul>${scenario.damaged.map((text) => html`<li>${text}</li>`)}</ul>`}
<details><summary>${plural(scenario.files.length, 'file')}</summary>
<ul class="files">${scenario.files.map(({ path, bytes }) => html`<li><a href="${relativeLink(path)}">${path}</a> <span class="muted">${size(bytes)}</span></li>\n`)}</ul></details>`,
  );
}

function topology(
  { nodes, ports, settings, separateLogDir }: Topology,
  journal: readonly JournalEntry[],
): Html {
  const rows = nodes.map((node): Part[] => [
    nodeName(node.sid),
    node.kind,
    node.version,
    node.weight,
    node.group ?? '–',
    node.jvmFlags.join(' ') || '–',
  ]);
  const columns = [
    { name: 'server' },
    { name: 'kind' },
    { name: 'ZooKeeper' },
    { name: 'weight', numeric: true },
    { name: 'group', numeric: true },
    { name: 'JVM flags' },
  ];
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const found = journal.flatMap((entry) => (entry.kind === 'server-found' ? journalInWords(entry) : []));
  if (found.length > 0) {
    return html`${table('Servers', columns, rows)}
<p>Run by somebody else: ${found.join(', ')}.</p>`;
  }
  return html`${table('Servers', columns, rows)}
<p>Ports: client ${ports.client}, quorum ${ports.quorum}, election ${ports.election}. Transaction log ${separateLogDir ? 'in a directory of its own' : 'beside the snapshots'}. zoo.cfg: <code>${lines.join(' ') || 'test defaults'}</code></p>`;
}

function alarms({ alarms: all }: ScenarioReport): Part {
  if (all.length === 0) return undefined;
  const shown = all.slice(0, 50);
  return html`<details><summary>${plural(all.length, 'remarkable line')} in the server logs</summary>
<ul>${shown.map(({ sid, atNs, line }) => html`<li>${nodeName(sid)} at ${seconds(atNs)}: <code>${line}</code></li>\n`)}</ul>
${all.length > shown.length && html`<p>${plural(all.length - shown.length, 'more')} in ledger.json.</p>`}</details>`;
}
