import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Election, Ledger } from '../../harness/ledger/ledger.ts';
import type { Verdict } from '../../harness/rule/verdict.ts';
import { openRun, type RunMeta } from '../../harness/run/run-directory.ts';
import { renderTrend } from '../../reports/html/trend-page.ts';
import { type Series, trendOf } from '../../reports/trend.ts';
import { trendLines } from '../../reports/trend-words.ts';
import { scratch } from './sample-report.ts';
import { writeRun } from './sample-run.ts';

interface Spec {
  verdict?: Verdict;
  rule?: string;
  electionMs?: number;
  silentMs?: number;
  meta?: Partial<RunMeta>;
}

/** A night of one scenario with one election that a fault caused. */
function night(
  dir: string,
  day: number,
  { verdict = 'pass', rule, electionMs = 250, silentMs = 400, meta }: Spec,
) {
  const run = join(dir, `night-${day}`);
  const election: Election = {
    ...{
      startedNs: 0,
      endedNs: electionMs * 1e6,
      winner: 1,
      epoch: 2,
      participants: [1],
      votes: [],
      syncs: [],
    },
    trigger: { kind: 'kill', step: 0 },
    writes: { lastAckNs: 0, firstAckNs: silentMs * 1e6 },
  };
  const ledger: Ledger = { reigns: [], elections: [election], spans: [], understood: {}, alarms: [] };
  const rules = rule ? [{ rule, verdict: 'violation' as const, relevant: 1, seen: 'x', findings: [] }] : [];
  writeRun(run, [{ name: 'a', slug: 'a', ledger, verdict: { scenario: 'a', verdict, reasons: [], rules } }]);
  const path = join(run, 'run.json');
  const stored = JSON.parse(readFileSync(path, 'utf8')) as RunMeta;
  const startedAt = `2026-11-${String(day).padStart(2, '0')}T02:17:00.000Z`;
  writeFileSync(path, JSON.stringify({ ...stored, startedAt, ...meta }));
  return run;
}

function trend(specs: readonly Spec[], then: (runs: string[]) => void = () => undefined): Series[] {
  const dir = scratch();
  const runs = specs.map((spec, i) => night(dir, i + 1, spec));
  then(runs);
  return trendOf(runs.reverse().map(openRun));
}

const changes = (series: Series[]) => series[0]!.nights.map((each) => each.changes);

test('nights stand in the order of time, and ordinary ones change nothing', () => {
  const series = trend([{ electionMs: 250 }, { electionMs: 260 }, { electionMs: 240 }, { electionMs: 300 }]);
  expect(series).toHaveLength(1);
  expect(series[0]!.nights.map(({ startedAt }) => startedAt.slice(8, 10))).toEqual(['01', '02', '03', '04']);
  expect(changes(series)).toEqual([[], [], [], []]);
});

test('the night in which the verdict turned is named, with the rule', () => {
  const series = trend([
    {},
    { verdict: 'violation', rule: 'durability' },
    { verdict: 'violation', rule: 'durability' },
  ]);
  expect(changes(series)).toEqual([
    [],
    ['violation after pass', 'broken for the first time: durability'],
    [],
  ]);
  expect(trendLines(series).join('\n')).toMatch(
    /what changed:\n {2}2026-11-02 02:17 {2}violation after pass/,
  );
});

test('the night in which elections became slow is named, the nights before and after are not', () => {
  const series = trend([{}, {}, {}, { electionMs: 900 }, {}]);
  expect(changes(series)).toEqual([
    [],
    [],
    [],
    ['election 900 ms, was 250 ms', 'election p90 900 ms, was 250 ms'],
    [],
  ]);
});

test('what was noisy before does not change by as much again', () => {
  const noisy = [200, 600, 300, 700, 250].map((silentMs) => ({ silentMs }));
  expect(changes(trend([...noisy, { silentMs: 700 }])).at(-1)).toEqual([]);
});

test('other releases are another series', () => {
  expect(trend([{}, { meta: { zookeeper: ['3.8.6'] } }])).toHaveLength(2);
});

test('a night that was killed is invalid', () => {
  const series = trend([{}, {}], ([, second]) => rmSync(join(second!, 'verdict.json')));
  expect(series[0]!.nights[1]).toMatchObject({ verdict: 'invalid', changes: ['invalid after pass'] });
});

test('the page forbids every request and has a point for each night', () => {
  const page = renderTrend(trend([{}, {}, { verdict: 'violation', rule: 'durability' }]));
  expect(page).toContain("default-src 'none'");
  expect(page.match(/<circle/g)).toHaveLength(6);
  expect(page).toContain('broken for the first time: durability');
});
