import type { History } from '../../harness/history/history.ts';
import type { ScenarioRecord } from '../../harness/run/run-directory.ts';
import { electionTimesIn } from '../election-times.ts';
import { isRead, isWrite, outcomeIndex, phaseIndex } from '../op-class.ts';
import type { ScenarioReport } from '../report.ts';
import { type Compared, compare, middle } from './noise.ts';
import type { Stage } from './stages.ts';

/** Beside one another: the old release alone, servers of both, the new release alone. */
export const sides = ['before', 'mixed', 'after'] as const;
export type Side = (typeof sides)[number];

/** What is measured of a side in one scenario, which is one repetition; absent where it did not occur. ms. */
export interface Measured {
  side: Side;
  scenario: string;
  figures: Partial<Record<FigureName, number>>;
}

const figureNames = ['election', 'unavailable', 'writeP50', 'writeP99', 'readP50', 'readP99'] as const;
type FigureName = (typeof figureNames)[number];

const figureWords: Record<FigureName, string> = {
  election: 'election once the leader was killed, from the first LOOKING to a quorum of supporters',
  unavailable: 'time without writes once the leader was killed, from its end to the first acknowledgement',
  writeP50: 'latency of writes, median, no fault open',
  writeP99: 'latency of writes, 99th percentile, no fault open',
  readP50: 'latency of reads, median, no fault open',
  readP99: 'latency of reads, 99th percentile, no fault open',
};

export interface FigureRow {
  name: FigureName;
  words: string;
  /** One value a repetition. */
  values: Record<Side, number[]>;
  mixed: Compared;
  after: Compared;
}

/** A release alone is measured where it ran alone from the beginning; mixed is every stage between. */
export function measured(
  record: ScenarioRecord,
  report: ScenarioReport,
  stages: readonly Stage[],
  part: string | undefined,
): Measured[] {
  if (part !== 'alone' && part !== 'rolling') return [];
  const wanted = part === 'alone' ? stages : stages.filter(({ moved, of }) => moved > 0 && moved < of);
  const [first] = wanted;
  if (!first || !report.traffic) return [];
  const side: Side = part === 'rolling' ? 'mixed' : first.moved === 0 ? 'before' : 'after';
  // Before the first step servers still load their classes.
  const warmNs =
    report.journal.find((entry) => entry.kind === 'phase' && entry.phase === 'faults')?.atNs ?? 0;
  const within = (ns: number) => ns >= warmNs && wanted.some(({ fromNs, toNs }) => ns >= fromNs && ns < toNs);
  const kills = electionTimesIn(record).filter(({ fault, lostNs }) => fault === 'kill' && within(lostNs));
  const calm = (ns: number) =>
    within(ns) &&
    !report.faults.some(({ intentNs, healedNs }) => ns >= intentNs && ns <= (healedNs ?? report.endNs));
  const latencies = latenciesOf(record.history(), calm);
  const figures = {
    election: middle(kills.map(({ electedMs }) => electedMs)),
    unavailable: middle(kills.map(({ totalMs }) => totalMs)),
    writeP50: quantile(latencies.writes, 0.5),
    writeP99: quantile(latencies.writes, 0.99),
    readP50: quantile(latencies.reads, 0.5),
    readP99: quantile(latencies.reads, 0.99),
  };
  const known = Object.entries(figures).filter(([, value]) => value !== undefined);
  return [{ side, scenario: report.name, figures: Object.fromEntries(known) }];
}

/** The rows of the page: every figure on all three sides, and whether it differs beyond the noise. */
export function figureRows(all: readonly Measured[]): FigureRow[] {
  return figureNames.map((name) => {
    const on = (side: Side) =>
      all.filter((each) => each.side === side).flatMap(({ figures }) => figures[name] ?? []);
    const values = { before: on('before'), mixed: on('mixed'), after: on('after') };
    return {
      name,
      words: figureWords[name],
      values,
      mixed: compare(values.before, values.mixed, [values.after]),
      after: compare(values.before, values.after, [values.mixed]),
    };
  });
}

/** Of answered operations of the workload, by the time of their request; ms, from small to large. */
function latenciesOf(history: History, counts: (ns: number) => boolean) {
  const writes: number[] = [];
  const reads: number[] = [];
  for (let row = 0; row < history.length; row++) {
    const kind = history.kind[row]!;
    if (!isWrite[kind] && !isRead[kind]) continue;
    if (history.phase[row] !== phaseIndex.workload || history.outcome[row]! > outcomeIndex.fail) continue;
    if (!counts(history.invokedNs[row]!)) continue;
    (isWrite[kind] ? writes : reads).push((history.returnedNs[row]! - history.invokedNs[row]!) / 1e6);
  }
  return { writes: writes.sort((a, b) => a - b), reads: reads.sort((a, b) => a - b) };
}

/** Nearest rank. */
function quantile(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}
