import type { Finding } from '../harness/rule/verdict.ts';
import { coverageInWords } from './coverage.ts';
import { clip, count, duration, plural } from './format.ts';
import { checkLine, landed, longestOutageMs, type RunReport, type ScenarioReport } from './report.ts';
import { signs } from './signs.ts';

/** A CI job summary shows a screen or two: what does not fit is counted, and stands in the report. */
const mostFindings = 8;
const mostReasons = 12;

/** summary.md: GitHub-flavoured Markdown for the page of a CI job. */
export function renderSummary(report: RunReport): string {
  const parts = [
    heading(report),
    facts(report),
    table(report.scenarios),
    claims(report),
    coverage(report),
    findings(report),
    reasons(report),
    untested(report),
    seeMore(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function heading({ meta, verdict, scenarios }: RunReport): string {
  const counts = new Map<string, number>();
  for (const { judged } of scenarios) counts.set(judged.verdict, (counts.get(judged.verdict) ?? 0) + 1);
  const tally = [...counts].map(([name, n]) => `${n} ${name}`).join(', ');
  return `## ${signs[verdict]} gauntlet ${text(meta.suite)}: ${verdict}\n\n${plural(scenarios.length, 'scenario')}: ${tally || 'nothing ran'}.`;
}

function facts({ meta, durationMs, exitCode }: RunReport): string {
  const servers = [`ZooKeeper ${meta.zookeeper.join(', ')}`];
  if (meta.kafka) servers.push(`Kafka ${meta.kafka.join(', ')}`);
  const took = durationMs === undefined ? 'never ended' : duration(durationMs);
  return `Seed ${meta.seed} · ${text(servers.join(' · '))} · ${meta.backend} · ${took} · exit code ${exitCode}`;
}

function table(scenarios: readonly ScenarioReport[]): string {
  const head = [
    '| scenario | verdict | faults | leaders | acked writes | longest without writes | time |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  return [...head, ...scenarios.map(tableRow)].join('\n');
}

function tableRow(scenario: ScenarioReport): string {
  const { name, judged, faults, reigns, traffic, journal, endNs, outages } = scenario;
  const cells = [
    text(clip(name, 60)),
    `${signs[judged.verdict]} ${judged.verdict}`,
    journal.length > 0 ? faultCount(landed(faults).length, faults.length) : 'not recorded',
    reigns.length > 0 ? reigns.length : 'not recorded',
    traffic ? count(traffic.totals.writes) : 'not recorded',
    traffic ? (outages.length > 0 ? duration(longestOutageMs(scenario)) : '–') : 'not recorded',
    journal.length > 0 ? duration(endNs / 1e6) : 'not recorded',
  ];
  return `| ${cells.join(' | ')} |`;
}

const faultCount = (bit: number, all: number) => (bit === all ? `${bit}` : `${bit} of ${all}`);

/** Texts, and what was seen, are in the report. */
function claims({ claims: table }: RunReport): string {
  if (!table) return '';
  const { releases, rows } = table;
  const head = [
    `| claim | ${releases.map(text).join(' | ')} |`,
    `| --- | ${releases.map(() => '---').join(' | ')} |`,
  ];
  const lines = rows.map(({ claim, verdicts }) => {
    const cells = verdicts.map((verdict) => (verdict === undefined ? '' : `${signs[verdict]} ${verdict}`));
    return `| ${claim.id} ${text(claim.title)} | ${cells.join(' | ')} |`;
  });
  return `### Claims\n\n${[...head, ...lines].join('\n')}`;
}

/** The first table of the report: other sides of the matrix are there. */
function coverage({ coverage: seen }: RunReport): string {
  if (!seen) return '';
  const [face] = seen.tables;
  const head = [
    `| ${face!.names[0]} | ${face!.columns.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(face!.columns.length)}`,
  ];
  const lines = face!.rows.map(({ name, cells }) => {
    const times = cells.map(({ tonight, ever }) => (ever === 0 ? '–' : `${tonight} / ${ever}`));
    return `| ${text(name)} | ${times.join(' | ')} |`;
  });
  return `### Coverage\n\n${coverageInWords(seen)}. In this run / in all nights:\n\n${[...head, ...lines].join('\n')}`;
}

function findings({ scenarios }: RunReport): string {
  const all = scenarios.flatMap((scenario) =>
    scenario.findings.map(({ finding }) => ({ scenario, finding })),
  );
  if (all.length === 0) return '';
  const violations = all.filter(({ finding }) => finding.severity === 'violation');
  const shown = (violations.length > 0 ? violations : all).slice(0, mostFindings);
  const rest = all.length - shown.length;
  const lines = shown.map(({ scenario, finding }) => findingLine(scenario, finding));
  if (rest > 0) lines.push(`- and ${plural(rest, 'more finding')} in report.html`);
  return `### Findings\n\n${lines.join('\n')}`;
}

function findingLine(scenario: ScenarioReport, finding: Finding): string {
  const gap = { violation: '', gap: ' (documented gap)', budget: ' (over its time)' }[finding.severity];
  return `- **${text(finding.title)}**${gap} ${text(clip(finding.words, 400))} _(${text(scenario.name)}, rule ${text(finding.rule)})_`;
}

function reasons({ scenarios }: RunReport): string {
  const all = scenarios
    .filter(({ judged }) => judged.verdict !== 'violation')
    .flatMap(({ name, judged }) =>
      judged.reasons.map((reason) => `- ${text(name)} (${judged.verdict}): ${text(clip(reason, 300))}`),
    );
  if (all.length === 0) return '';
  const rest = all.length - mostReasons;
  const lines = all.slice(0, mostReasons);
  if (rest > 0) lines.push(`- and ${plural(rest, 'more reason')} in report.html`);
  return `### Not passed for another reason\n\n${lines.join('\n')}`;
}

/** What a reader may think was tried: each once, whichever scenarios it belongs to. */
function untested({ scenarios }: RunReport): string {
  const all = new Set(scenarios.flatMap(({ judged }) => judged.untested ?? []));
  if (all.size === 0) return '';
  return `### Not put to the test\n\n${[...all].map((each) => `- ${text(each)}`).join('\n')}`;
}

function seeMore({ dir, meta }: RunReport): string {
  const commands = [
    `${checkLine(dir)}   # judge the stored evidence again`,
    `${meta.command}   # the same plan again`,
  ];
  return `### See more\n\nOpen \`report.html\` in the run directory (one file, works offline), or:\n\n\`\`\`\n${commands.map((line) => line.replaceAll('`', "'")).join('\n')}\n\`\`\``;
}

/** Text that Markdown takes literally, on one line. */
export function text(value: string): string {
  return value.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|#~&]/g, (sign) => entities[sign] ?? `\\${sign}`);
}

/** A backslash does not help inside a table or against HTML. */
const entities: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '|': '&#124;' };
