import { wallOfNs } from '../harness/base/clock.ts';
import { never } from '../harness/base/never.ts';
import { messageOf, Trouble } from '../harness/base/trouble.ts';
import { type LeadingOverlap, leadingOverlaps } from '../harness/ledger/leading-overlap.ts';
import type { Ledger, Reign } from '../harness/ledger/ledger.ts';
import { readNight } from '../harness/nightly/coverage-file.ts';
import type { Plan } from '../harness/plan/plan.ts';
import { exitCodes, type ScenarioVerdict, type Verdict } from '../harness/rule/verdict.ts';
import type { JournalEntry } from '../harness/run/journal-entry.ts';
import type { ScenarioOutcome } from '../harness/run/outcome.ts';
import {
  type RunMeta,
  type RunRecord,
  type ScenarioRecord,
  type StoredFile,
  type StoredScenario,
  transactionsFile,
} from '../harness/run/run-directory.ts';
import { nodeName } from '../harness/topology/topology.ts';
import { type BrokerReport, brokerReport } from './brokers/broker-report.ts';
import { type Claims, claimsIn } from './claims.ts';
import { type CoverageReport, coverageReport } from './coverage.ts';
import { type DurabilityRow, durabilityOf } from './durability.ts';
import { type ElectionRow, electionRows } from './elections.ts';
import { type FaultWindow, faultWindows } from './faults.ts';
import { type FindingDetail, findingDetails } from './finding-details.ts';
import { type Lane, lanesOf } from './lanes.ts';
import { type LogWindow, logWindowsOf } from './log-windows.ts';
import { type Outage, outagesOf } from './outages.ts';
import { type Split, splitsOf } from './split.ts';
import { type Traffic, trafficOf } from './traffic.ts';

/** A run as the reports show it: all three writers draw from this and read no file themselves. */
export interface RunReport {
  /** The run directory as it is typed on a command line. */
  dir: string;
  meta: RunMeta;
  verdict: Verdict;
  exitCode: number;
  /** Wall time of the whole run; undefined when it never ended. */
  durationMs: number | undefined;
  scenarios: ScenarioReport[];
  /** Undefined when the scenarios carry no claims. */
  claims: Claims | undefined;
  /** Only of nights. */
  coverage: CoverageReport | undefined;
}

export interface ScenarioReport {
  name: string;
  slug: string;
  /** What its servers ran, as run.json tells it; empty where nobody wrote that down. */
  release: string;
  judged: ScenarioVerdict;
  /** Why not every phase was gone through; undefined when all were, or nobody wrote it down. */
  cutShort: string | undefined;
  scenario: StoredScenario | undefined;
  plan: Plan | undefined;
  journal: JournalEntry[];
  /** The last thing recorded, ns since the scenario's origin. */
  endNs: number;
  startedAt: Date;
  sids: number[];
  faults: FaultWindow[];
  lanes: Lane[];
  reigns: Reign[];
  elections: ElectionRow[];
  /** Times in which two servers both called themselves LEADING. */
  overlaps: LeadingOverlap[];
  alarms: Ledger['alarms'];
  /** Undefined when there is no history. */
  traffic: Traffic | undefined;
  outages: Outage[];
  /** One a fault that cut servers off from one another. */
  splits: Split[];
  durability: DurabilityRow[];
  /** Undefined where nobody sent records to brokers. */
  brokers: BrokerReport | undefined;
  findings: FindingDetail[];
  /** Of the first findings: what the servers logged at their moments. */
  logs: ReadonlyMap<FindingDetail['finding'], LogWindow[]>;
  files: StoredFile[];
  /** Names of files that this scenario never wrote. */
  absent: string[];
  /** Files that are there and cannot be read (or only in part), one sentence each. */
  damaged: string[];
}

/** Reads everything the reports need. A scenario's missing or damaged files are told in its report, never thrown. */
export function reportOf(run: RunRecord): RunReport {
  const judged = orTrouble(run.verdict).value;
  const verdict = judged?.verdict ?? 'invalid';
  const { startedAt, endedAt } = run.meta;
  const night = orTrouble(() => readNight(run.dir)).value;
  const scenarios = run.scenarios.map((scenario, i) =>
    scenarioReport(
      scenario,
      run.meta,
      judged?.scenarios.find((s) => s.scenario === scenario.name) ?? judged?.scenarios[i],
    ),
  );
  return {
    dir: run.dir,
    meta: run.meta,
    verdict,
    exitCode: judged?.exitCode ?? exitCodes[verdict],
    durationMs: endedAt === null ? undefined : Date.parse(endedAt) - Date.parse(startedAt),
    scenarios,
    claims: claimsIn(run.meta, scenarios),
    coverage: night && coverageReport(night),
  };
}

function scenarioReport(
  record: ScenarioRecord,
  meta: RunMeta,
  fromRun: ScenarioVerdict | undefined,
): ScenarioReport {
  const files = record.files();
  const absent: string[] = [];
  const damaged: string[] = [];
  const recorded = <T>(file: string, read: () => T): T | undefined => {
    const { value, trouble } = orTrouble(read);
    if (trouble === undefined) return value;
    if (files.some(({ path }) => path === `${record.slug}/${file}`)) damaged.push(trouble);
    else absent.push(file);
    return undefined;
  };
  const scenario = recorded('scenario.json', record.scenario);
  const plan = recorded('plan.json', record.plan);
  const journal = recorded('journal.ndjson', record.journal) ?? [];
  const roles = recorded('roles.ndjson', record.roles) ?? [];
  const ledger = recorded('ledger.json', record.ledger);
  const history = recorded('history.arrows', record.history);
  if (history?.torn)
    damaged.push('history.arrows ends in the middle of a batch; everything before it was read');
  const kafka = scenario?.records && scenario.topology.kafka;
  const records = kafka ? (recorded('records.ndjson', record.records) ?? []) : [];
  const transactions = kafka && recorded(transactionsFile, record.transactions);
  const outcome = recorded('outcome.json', record.outcome);
  const judged = fromRun ?? recorded('verdict.json', record.verdict) ?? notJudged(record.name);

  const endNs = Math.max(0, journal.at(-1)?.atNs ?? 0, roles.at(-1)?.atNs ?? 0);
  const sids = serversOf(
    scenario,
    ledger,
    roles.map((sample) => sample.sid),
  );
  const faults = faultWindows(journal);
  const origin = scenario?.origin ?? meta.origin;
  const findings = findingDetails(judged, history);
  const outages = history ? outagesOf(history) : [];
  const lanes = lanesOf(sids, ledger?.spans ?? [], roles, endNs);
  return {
    name: record.name,
    slug: record.slug,
    release: record.release,
    judged,
    cutShort: outcome && cutShort(outcome),
    scenario,
    plan,
    journal,
    endNs,
    startedAt: wallOfNs(origin, 0),
    sids,
    faults,
    lanes,
    reigns: ledger?.reigns ?? [],
    elections: ledger ? electionRows(ledger, faults) : [],
    overlaps: ledger ? leadingOverlaps(ledger) : [],
    alarms: ledger?.alarms ?? [],
    traffic: history && trafficOf(history, endNs),
    outages,
    splits:
      scenario && ledger
        ? splitsOf({ topology: scenario.topology, journal, ledger, lanes, history, endNs })
        : [],
    durability: history ? durabilityOf(history, sids) : [],
    brokers: kafka && brokerReport({ kafka, transactions, records, faults, outages, origin, endNs }),
    findings,
    logs: logWindowsOf(
      findings.map(({ finding }) => finding),
      {
        logs: new Map(sids.map((sid) => [sid, record.log(nodeName(sid))])),
        origin,
        journal,
        ledger,
        history,
      },
    ),
    files,
    absent,
    damaged,
  };
}

function cutShort(outcome: ScenarioOutcome): string | undefined {
  switch (outcome.kind) {
    case 'completed':
      return undefined;
    case 'unsupported':
      return `unsupported: ${outcome.reason}`;
    case 'stalled':
      return `the ensemble did not come back in phase ${outcome.phase}: ${outcome.reason}`;
    case 'broken':
      return `the harness or the machine failed in phase ${outcome.phase}: ${outcome.reason}`;
    default:
      return never(outcome);
  }
}

/** A scenario without a verdict is not green: nobody looked. */
function notJudged(scenario: string): ScenarioVerdict {
  return { scenario, verdict: 'invalid', reasons: ['It was never judged.'], rules: [] };
}

/** A Trouble is what a user or a machine got wrong and can be told; anything else is a mistake of ours. */
function orTrouble<T>(read: () => T): { value?: T; trouble?: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { trouble: messageOf(error) };
  }
}

function serversOf(
  scenario: StoredScenario | undefined,
  ledger: Ledger | undefined,
  sampled: readonly number[],
): number[] {
  const sids = scenario?.topology.nodes.map((node) => node.sid) ?? [
    ...(ledger?.spans.map((span) => span.sid) ?? []),
    ...sampled,
  ];
  return [...new Set(sids)].sort((a, b) => a - b);
}

/** Of nights, which have hundreds, more than these make a page too large to open: then only what did not pass is told in full. */
const fullMax = 60;

/** The scenarios that a page tells in full; the others only stand in its overview. */
export const toldInFull = ({ scenarios, coverage }: RunReport): ScenarioReport[] =>
  coverage === undefined || scenarios.length <= fullMax
    ? scenarios
    : scenarios.filter(({ judged }) => judged.verdict !== 'pass');

/** Faults that bit, whatever became of them after. */
export const landed = (faults: readonly FaultWindow[]) =>
  faults.filter((fault) => fault.landedNs !== undefined);

export function longestOutageMs(scenario: ScenarioReport): number {
  return scenario.outages.reduce((longest, { fromNs, toNs }) => Math.max(longest, (toNs - fromNs) / 1e6), 0);
}

export const checkLine = (dir: string) => `gauntlet check ${shellWord(dir)}`;
export const replayLine = (dir: string) => `gauntlet replay ${shellWord(dir)} --times 5`;

/** As a POSIX shell reads it back. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
