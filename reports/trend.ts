import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gapMs } from '../harness/ledger/write-gaps.ts';
import type { Verdict } from '../harness/rule/verdict.ts';
import type { RunRecord, ScenarioRecord } from '../harness/run/run-directory.ts';
import { distributionOf } from './distribution.ts';
import { duration } from './format.ts';

/** One night: its verdict and what it measured. Undefined where nothing was there to measure. */
export interface Night {
  dir: string;
  startedAt: string;
  seed: number;
  verdict: Verdict;
  /** Scenarios by verdict. */
  counts: Partial<Record<Verdict, number>>;
  /** Rules that found a violation. */
  broken: string[];
  figures: Record<Figure, number | undefined>;
}

/** What is followed from night to night, as median and as what nine of ten do not exceed. ms: from the first LOOKING to a quorum of supporters; without an acknowledged write around an election. */
export const figures = {
  electionMs: 'election',
  electionP90Ms: 'election p90',
  silentMs: 'no writes',
  silentP90Ms: 'no writes p90',
} as const;
export type Figure = keyof typeof figures;

/** Nights that can be compared: the same suite on the same releases and backend. Oldest first. */
export interface Series {
  name: string;
  nights: (Night & { changes: string[] })[];
}

/** Reads verdicts and ledgers; histories are not needed. */
export function trendOf(runs: readonly RunRecord[]): Series[] {
  const bySeries = new Map<string, Night[]>();
  for (const run of [...runs].sort((a, b) => (a.meta.startedAt < b.meta.startedAt ? -1 : 1))) {
    const { suite, zookeeper, backend } = run.meta;
    const name = `${suite} on ZooKeeper ${[...zookeeper].sort().join(', ')}, ${backend}`;
    bySeries.set(name, [...(bySeries.get(name) ?? []), nightOf(run)]);
  }
  return [...bySeries].map(([name, nights]) => ({
    name,
    nights: nights.map((night, i) => ({ ...night, changes: changesIn(night, nights.slice(0, i)) })),
  }));
}

function nightOf(run: RunRecord): Night {
  // Without a verdict it was killed: nothing is proven.
  const judged = existsSync(join(run.dir, 'verdict.json')) ? run.verdict() : undefined;
  const scenarios = judged?.scenarios ?? [];
  const counts: Night['counts'] = {};
  for (const { verdict } of scenarios) counts[verdict] = (counts[verdict] ?? 0) + 1;
  const rules = scenarios.flatMap(({ rules }) => rules.filter(({ verdict }) => verdict === 'violation'));
  const elections = run.scenarios.flatMap(electionsIn);
  const elected = distributionOf(elections.map(({ electedMs }) => electedMs));
  const silent = distributionOf(elections.flatMap(({ silentMs }) => silentMs ?? []));
  return {
    dir: run.dir,
    startedAt: run.meta.startedAt,
    seed: run.meta.seed,
    verdict: judged?.verdict ?? 'invalid',
    counts,
    broken: [...new Set(rules.map(({ rule }) => rule))].sort(),
    figures: {
      electionMs: elected?.median,
      electionP90Ms: elected?.p90,
      silentMs: silent?.median,
      silentP90Ms: silent?.p90,
    },
  };
}

/** Elections that a fault caused and somebody won. */
function electionsIn(record: ScenarioRecord): { electedMs: number; silentMs: number | undefined }[] {
  if (!existsSync(join(record.dir, 'ledger.json'))) return [];
  return record.ledger().elections.flatMap(({ startedNs, endedNs, winner, trigger, writes }) => {
    if (winner === undefined || endedNs === undefined) return [];
    if (trigger?.step === undefined || trigger.kind === 'heal') return [];
    return { electedMs: (endedNs - startedNs) / 1e6, silentMs: writes && gapMs(writes) };
  });
}

/** So many nights before are looked at, and there must be so many for a figure to have changed. */
const nightsMax = 7;
const nightsMin = 3;
/** A figure has changed when it is further from the median of the nights before than 3 of their standard deviations... */
const deviations = 3;
/** ...which for a normal distribution is 1.4826 times the median distance from the median... */
const ofMedianDistance = 1.4826;
/** ...and than this part of it: nights that happen to be alike do not make the next one remarkable. */
const partMin = 0.3;

/** What is other than in the nights before, a half-sentence each; nothing of the first. */
function changesIn(night: Night, before: readonly Night[]): string[] {
  const last = before.at(-1);
  if (!last) return [];
  const verdict = night.verdict === last.verdict ? [] : [`${night.verdict} after ${last.verdict}`];
  const broken = night.broken.filter((rule) => !before.some((each) => each.broken.includes(rule)));
  const news = broken.length > 0 ? [`broken for the first time: ${broken.join(', ')}`] : [];
  const moved = (Object.keys(figures) as Figure[]).flatMap((figure) => movedIn(figure, night, before));
  return [...verdict, ...news, ...moved];
}

function movedIn(figure: Figure, night: Night, before: readonly Night[]): string[] {
  const now = night.figures[figure];
  const earlier = before.slice(-nightsMax).flatMap((each) => each.figures[figure] ?? []);
  if (now === undefined || earlier.length < nightsMin) return [];
  const usual = medianOf(earlier);
  const noise = ofMedianDistance * medianOf(earlier.map((each) => Math.abs(each - usual)));
  if (Math.abs(now - usual) <= Math.max(deviations * noise, partMin * usual)) return [];
  return [`${figures[figure]} ${duration(now)}, was ${duration(usual)}`];
}

const medianOf = (values: readonly number[]) => distributionOf([...values])!.median;
