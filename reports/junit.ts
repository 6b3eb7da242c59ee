import { XMLBuilder } from 'fast-xml-parser';
import { type RuleResult, type ScenarioVerdict, type Verdict, worst } from '../harness/rule/verdict.ts';
import type { Claims } from './claims.ts';
import { checkLine, landed, longestOutageMs, type RunReport, type ScenarioReport } from './report.ts';
import { xmlText } from './xml-text.ts';

/** An element as XMLBuilder takes it: attributes under `@`, text under `#`. */
interface Body {
  '@type': string;
  '@message': string;
  '#': string;
}
export interface TestCase {
  '@name': string;
  '@classname': string;
  '@time': string;
  failure?: Body;
  error?: Body;
  skipped?: { '@message': string };
  'system-out'?: string;
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  format: true,
  suppressEmptyNode: true,
});

/**
 * JUnit XML as Jenkins (junit-10.xsd of its xunit plugin), GitLab and GitHub actions read it. One suite a run, or one a
 * release where a run has several (a case cannot carry properties there): a case per scenario and one per rule. Broken time budgets are a suite of their own, so that a slow machine never looks
 * like a broken promise. Violation is a failure; what proves nothing (invalid, inconclusive) is an error; unsupported
 * is skipped. A run without scenarios has one case, an error: it is never green because nothing ran.
 */
export function renderJunit(report: RunReport): string {
  const parts = byRelease(report);
  const suites = [...parts.map(mainSuite), ...parts.flatMap((part) => budgetSuite(part) ?? [])];
  const seconds = (report.durationMs ?? 0) / 1000;
  const all = suites.flatMap((suite) => suite.testcase);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({
    testsuites: {
      '@name': xmlText(`gauntlet ${report.meta.suite}`),
      ...tally(all),
      '@time': time(seconds),
      testsuite: suites,
    },
  })}`;
}

/** One suite of these cases, as `renderJunit` writes it. */
export function renderSuite(
  name: string,
  seconds: number,
  testcase: TestCase[],
  properties: Record<string, string | number>,
): string {
  const suite = {
    '@name': xmlText(name),
    ...tally(testcase),
    '@skipped': tallyWithSkipped(testcase).skipped,
    '@time': time(seconds),
    properties: { property: propertyList(properties) },
    testcase,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({
    testsuites: { '@name': xmlText(name), ...tally(testcase), '@time': time(seconds), testsuite: suite },
  })}`;
}

/** The report itself, or, of several releases, what it says of each. */
function byRelease(report: RunReport): RunReport[] {
  const releases = [...new Set(report.scenarios.map(({ release }) => release))];
  if (releases.length < 2) return [report];
  return releases.map((release) => {
    const scenarios = report.scenarios.filter((scenario) => scenario.release === release);
    return {
      ...report,
      meta: { ...report.meta, suite: `${report.meta.suite} on ${release}`, zookeeper: [release] },
      verdict: worst(scenarios.map(({ judged }) => judged.verdict)),
      scenarios,
      claims: report.claims && claimsOn(release, report.claims),
      durationMs: undefined,
    };
  });
}

function claimsOn(release: string, { releases, rows }: Claims): Claims {
  const at = releases.indexOf(release);
  return { releases: [release], rows: rows.map((row) => ({ ...row, verdicts: [row.verdicts[at]] })) };
}

function mainSuite(report: RunReport) {
  const { scenarios, meta, durationMs } = report;
  const cases = scenarios.flatMap((scenario) => casesOf(scenario, report));
  const seconds = durationMs === undefined ? sumOfTimes(scenarios) : durationMs / 1000;
  return suiteOf(meta.suite, cases.length > 0 ? cases : [nothingRan(report)], seconds, report);
}

const sumOfTimes = (scenarios: readonly ScenarioReport[]) =>
  scenarios.reduce((sum, { endNs }) => sum + endNs / 1e9, 0);

function budgetSuite(report: RunReport) {
  const cases = report.scenarios
    .filter(({ judged }) => judged.verdict === 'budget')
    .map((scenario) => budgetCase(scenario, report));
  return cases.length === 0 ? undefined : suiteOf(`${report.meta.suite}.budgets`, cases, 0, report);
}

function suiteOf(name: string, testcase: TestCase[], seconds: number, report: RunReport) {
  const { skipped } = tallyWithSkipped(testcase);
  return {
    '@name': xmlText(name),
    ...tally(testcase),
    '@skipped': skipped,
    '@time': time(seconds),
    '@timestamp': xmlText(report.meta.startedAt.slice(0, 19)),
    properties: { property: propertiesOf(report) },
    testcase,
    'system-out': commands(report),
  };
}

function propertiesOf({ meta, dir, verdict, scenarios, claims }: RunReport) {
  const changes = scenarios.reduce((sum, { reigns }) => sum + Math.max(0, reigns.length - 1), 0);
  const values: Record<string, string | number> = {
    seed: meta.seed,
    verdict,
    backend: meta.backend,
    zookeeper: meta.zookeeper.join(', '),
    kafka: meta.kafka?.join(', ') ?? 'none',
    gauntlet: meta.gauntlet,
    node: meta.node,
    java: meta.java ?? 'none',
    'leader changes': changes,
    'run directory': dir,
    command: meta.command,
    ...claimProperties(claims),
  };
  return propertyList(values);
}

const propertyList = (values: Record<string, string | number>) =>
  Object.entries(values).map(([name, value]) => ({ '@name': name, '@value': xmlText(String(value)) }));

/** "claim C08": "pass". A suite has the claims of one release. */
function claimProperties(claims: RunReport['claims']): Record<string, string> {
  const rows = claims?.rows ?? [];
  return Object.fromEntries(
    rows.flatMap(({ claim, verdicts: [verdict] }) => (verdict ? [[`claim ${claim.id}`, verdict]] : [])),
  );
}

function casesOf(scenario: ScenarioReport, report: RunReport): TestCase[] {
  const suite = report.meta.suite;
  const rules = scenario.judged.rules.map((rule) => ruleCase(rule, scenario, report));
  return [
    {
      '@name': xmlText(scenario.name),
      '@classname': xmlText(className(suite)),
      '@time': time(scenario.endNs / 1e9),
      ...scenarioOutcome(scenario.judged),
      'system-out': scenarioOut(scenario, report),
    },
    ...rules,
  ];
}

/** Jenkins takes everything before the last dot of a class name as its package, so names carry no dots of their own. */
function className(...parts: string[]): string {
  return ['gauntlet', ...parts.map((part) => part.replaceAll('.', '_'))].join('.');
}

type Result = Pick<TestCase, 'failure' | 'error' | 'skipped'>;

function scenarioOutcome(judged: ScenarioVerdict): Result {
  const message = judged.reasons[0] ?? `verdict ${judged.verdict}`;
  const findings = judged.rules
    .flatMap((rule) => rule.findings)
    .filter(({ severity }) => severity === 'violation');
  const words = findings.map(({ title, words }) => `${title}\n${words}`);
  return outcome(judged.verdict, judged.verdict, message, [...judged.reasons, ...words].join('\n\n'));
}

/** By verdict: how JUnit says it. */
function outcome(verdict: Verdict, type: string, message: string, text: string): Result {
  const body: Body = { '@type': xmlText(type), '@message': line(message), '#': xmlText(text) };
  const results: Record<Verdict, Result> = {
    violation: { failure: body },
    invalid: { error: body },
    inconclusive: { error: body },
    unsupported: { skipped: { '@message': line(message) } },
    budget: {},
    pass: {},
  };
  return results[verdict];
}

function ruleCase(rule: RuleResult, scenario: ScenarioReport, report: RunReport): TestCase {
  const breaches = rule.findings.filter(({ severity }) => severity === 'violation');
  const others = rule.findings.filter(({ severity }) => severity !== 'violation');
  const message = breaches[0]?.title ?? rule.reason ?? rule.seen;
  const text =
    breaches.length > 0 ? breaches.map(({ title, words }) => `${title}\n${words}`).join('\n\n') : message;
  const out = [
    `seen: ${rule.seen} (relevant: ${rule.relevant})`,
    ...others.map(({ severity, title, words }) => `${kinds[severity]}: ${title}\n${words}`),
    ...(rule.verdict === 'pass' ? [] : [commands(report)]),
  ];
  return {
    '@name': xmlText(rule.rule),
    '@classname': xmlText(className(report.meta.suite, scenario.slug)),
    '@time': time(0),
    ...outcome(rule.verdict, rule.rule, message, `${text}\n\n${commands(report)}`),
    'system-out': xmlText(out.join('\n')),
  };
}

const kinds = { violation: 'violation', gap: 'documented gap', budget: 'over its time' };

function budgetCase(scenario: ScenarioReport, report: RunReport): TestCase {
  const { judged } = scenario;
  const message = judged.reasons[0] ?? 'a time budget was exceeded';
  return {
    '@name': xmlText(scenario.name),
    '@classname': xmlText(className(`${report.meta.suite}-budgets`)),
    '@time': time(scenario.endNs / 1e9),
    failure: { '@type': 'budget', '@message': line(message), '#': xmlText(judged.reasons.join('\n')) },
    'system-out': scenarioOut(scenario, report),
  };
}

function nothingRan(report: RunReport): TestCase {
  const message = 'no scenario was recorded in this run';
  return {
    '@name': 'run',
    '@classname': xmlText(className(report.meta.suite)),
    '@time': time(0),
    error: { '@type': 'invalid', '@message': message, '#': message },
    'system-out': commands(report),
  };
}

function scenarioOut(scenario: ScenarioReport, report: RunReport): string {
  const { faults, journal, reigns, traffic, outages, absent, damaged } = scenario;
  const lines = [
    `faults landed: ${journal.length > 0 ? `${landed(faults).length} of ${faults.length}` : 'not recorded'}`,
    `leaders: ${reigns.map(({ epoch, leader }) => `zk${leader} in epoch ${epoch}`).join(', ') || 'not recorded'}`,
    `acknowledged writes: ${traffic?.totals.writes ?? 'not recorded'}`,
    ...(outages.length > 0
      ? [`longest time without a write: ${Math.round(longestOutageMs(scenario))} ms`]
      : []),
    ...(absent.length > 0 ? [`not recorded: ${absent.join(', ')}`] : []),
    ...damaged,
    ...(scenario.judged.untested ?? []).map((each) => `not tested: ${each}`),
    commands(report),
  ];
  return xmlText(lines.join('\n'));
}

function commands({ dir, meta }: RunReport): string {
  return xmlText(`${meta.command}\n${checkLine(dir)}`);
}

const line = (text: string) => xmlText(text.replace(/\s+/g, ' ').trim());
const time = (seconds: number) => Math.max(0, seconds).toFixed(3);

function tallyWithSkipped(cases: readonly TestCase[]) {
  return {
    tests: cases.length,
    failures: cases.filter((testcase) => testcase.failure).length,
    errors: cases.filter((testcase) => testcase.error).length,
    skipped: cases.filter((testcase) => testcase.skipped).length,
  };
}

function tally(cases: readonly TestCase[]) {
  const { tests, failures, errors } = tallyWithSkipped(cases);
  return { '@tests': tests, '@failures': failures, '@errors': errors };
}
