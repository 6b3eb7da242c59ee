import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { laterReleases } from '../../harness/plan/later-releases.ts';
import type { Finding } from '../../harness/rule/verdict.ts';
import type { RunRecord, ScenarioRecord, StoredScenario } from '../../harness/run/run-directory.ts';
import { readStored } from '../../harness/run/stored.ts';
import type { RunReport, ScenarioReport } from '../report.ts';
import { askedFile, type UpgradeAsked } from './asked.ts';
import { type Answered, answersIn } from './calls.ts';
import { type Concern, type Decision, decide, type Tried } from './decide.ts';
import { type Differential, differencesOf, surprising } from './differences.ts';
import { type FigureRow, figureRows, measured } from './figures.ts';
import { type Stage, stageName, stagesOf } from './stages.ts';

/** What one scenario shows of an upgrade. */
export interface UpgradeScenario {
  report: ScenarioReport;
  part: string | undefined;
  concern: Concern;
  stages: StageReport[];
}

export interface StageReport {
  stage: Stage;
  name: string;
  ackedWrites: number;
  /** Epochs that began in it. */
  leaders: number;
  faults: number;
  longestOutageMs: number;
  /** Undefined where there are no brokers. */
  records: RecordsInStage | undefined;
  /** Breaches seen while it lasted; what the final reads show belongs to the last stage. */
  findings: Finding[];
}

interface RecordsInStage {
  acked: number;
  /** Between one acknowledgement, by whichever partition, and the next. */
  longestGapMs: number;
}

export interface UpgradeReport {
  run: RunReport;
  asked: UpgradeAsked;
  decision: Decision;
  scenarios: UpgradeScenario[];
  figures: FigureRow[];
  differential: Differential | undefined;
}

/** Undefined for a run that is no upgrade. `report`: the run as `reportOf` reads it. */
export function upgradeIn(run: RunRecord, report: RunReport): UpgradeReport | undefined {
  const file = join(run.dir, askedFile);
  if (!existsSync(file)) return undefined;
  const asked = readStored<UpgradeAsked>(file);
  const scenarios = report.scenarios.map((each, i) => scenarioOf(run.scenarios[i]!, each, asked));
  const figures = figureRows(
    scenarios.flatMap(({ report: each, part, stages }, i) =>
      measured(
        run.scenarios[i]!,
        each,
        stages.map(({ stage }) => stage),
        part,
      ),
    ),
  );
  const differential = differentialIn(run, scenarios, asked);
  const decision = decide({
    tried: scenarios.map(triedOf),
    surprises: differential && surprising(differential).length,
    filtered: asked.filter !== undefined,
  });
  return { run: report, asked, decision, scenarios, figures, differential };
}

function scenarioOf(record: ScenarioRecord, report: ScenarioReport, asked: UpgradeAsked): UpgradeScenario {
  const { scenario, journal, endNs } = report;
  const part = scenario?.tags[0];
  // Nothing was written down about it: it may have been about the new release.
  if (!scenario) return { report, part, concern: 'way', stages: [] };
  const concern = releasesPlanned(scenario).has(asked.to) ? 'way' : 'before';
  const stages = stagesOf(scenario.topology, journal, asked.to, endNs);
  const acks = scenario.records ? acksOfRecords(record) : undefined;
  return {
    report,
    part,
    concern,
    stages: stages.map((stage, i) => ({
      ...stageOf(report, stage, asked, i === stages.length - 1),
      records: acks && recordsIn(stage, acks),
    })),
  };
}

/** What servers run from the beginning, or are to be started on. */
function releasesPlanned({ topology, steps }: StoredScenario): Set<string> {
  return new Set([...topology.nodes.map(({ version }) => version), ...laterReleases(steps)]);
}

/** When records were acknowledged, in their order. */
function acksOfRecords(record: ScenarioRecord): number[] {
  return record
    .records()
    .flatMap((row) => (row.kind === 'sent' && row.outcome === 'ok' ? row.returnedNs : []))
    .sort((a, b) => a - b);
}

/** A gap belongs to the stage in which it began. */
function recordsIn({ fromNs, toNs }: Stage, acks: readonly number[]): RecordsInStage {
  const within = (ns: number) => ns >= fromNs && ns < toNs;
  const gaps = acks.flatMap((ns, i) => (within(ns) ? ((acks[i + 1] ?? ns) - ns) / 1e6 : []));
  return { acked: gaps.length, longestGapMs: Math.max(0, ...gaps) };
}

function stageOf(
  report: ScenarioReport,
  stage: Stage,
  asked: UpgradeAsked,
  last: boolean,
): Omit<StageReport, 'records'> {
  const within = (ns: number) => ns >= stage.fromNs && (last || ns < stage.toNs);
  const { traffic, reigns, faults, outages, judged } = report;
  const { bucketMs = 1, writes = [] } = traffic ?? {};
  return {
    stage,
    name: stageName(stage, asked),
    ackedWrites: writes.filter((_, i) => within(i * bucketMs * 1e6)).reduce((sum, n) => sum + n, 0),
    leaders: reigns.filter(({ establishedNs }) => within(establishedNs)).length,
    faults: faults.filter(({ landedNs }) => landedNs !== undefined && within(landedNs)).length,
    longestOutageMs: Math.max(
      0,
      ...outages.filter(({ fromNs }) => within(fromNs)).map(({ fromNs, toNs }) => (toNs - fromNs) / 1e6),
    ),
    findings: judged.rules
      .flatMap(({ findings }) => findings)
      .filter(({ severity, atNs }) => severity === 'violation' && within(atNs)),
  };
}

/** Enough to see what it is; all of them are in the report of the run. */
const mostReasons = 3;

/** What an operator feels most: these rules speak first, and each once. */
const first = ['durability', 'replicas-identical', 'progress'];
const rank = ({ rule }: Finding) => (first.includes(rule) ? first.indexOf(rule) : first.length);

function triedOf({ report: { name, judged }, concern }: UpgradeScenario): Tried {
  const breaches = judged.rules.flatMap(({ findings }) =>
    findings.filter(({ severity }) => severity === 'violation'),
  );
  const oneEach = [...new Map([...breaches].reverse().map((each) => [each.rule, each])).values()];
  const titles = oneEach.sort((a, b) => rank(a) - rank(b)).map(({ title }) => title);
  const reasons = (titles.length > 0 ? titles : judged.reasons).slice(0, mostReasons);
  const rest = Math.max(breaches.length, judged.reasons.length) - reasons.length;
  if (rest > 0) reasons.push(`${rest} more in that scenario`);
  return { name, concern, verdict: judged.verdict, reasons };
}

function differentialIn(
  run: RunRecord,
  scenarios: readonly UpgradeScenario[],
  asked: UpgradeAsked,
): Differential | undefined {
  const answers = (release: string): Answered[] => {
    const at = scenarios.findIndex(({ part, report }) => part === 'operations' && report.release === release);
    const scenario = scenarios[at]?.report.scenario;
    // Without traffic there is no history to read.
    if (!scenario || !scenarios[at]!.report.traffic) return [];
    return answersIn(run.scenarios[at]!.history(), scenario.root);
  };
  return differencesOf(answers(asked.from), answers(asked.to), asked);
}
