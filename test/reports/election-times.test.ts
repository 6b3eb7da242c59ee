import { expect, test } from 'vitest';
import type { Election, ZabPhase } from '../../harness/ledger/ledger.ts';
import { openRun } from '../../harness/run/run-directory.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { type CauseStatistics, electionStatistics, floorsOf } from '../../reports/election-times.ts';
import { electionLines } from '../../reports/election-words.ts';
import { renderElections } from '../../reports/html/elections-page.ts';
import { scratch } from './sample-report.ts';
import { leaderKill, writeRun } from './sample-run.ts';

const phases = (winner: number, ms: number[]): Election['phases'] =>
  (['election', 'discovery', 'synchronization', 'broadcast'] satisfies ZabPhase[]).map((phase, i) => ({
    sid: winner,
    phase,
    atNs: ms[i]! * 1e6,
  }));

/** The sample run, its kill and its isolation told as the ledger of a real run tells them. */
function statistics(): { all: CauseStatistics[]; dir: string } {
  const sample = leaderKill(400);
  const [, kill, cut] = sample.ledger!.elections;
  Object.assign(kill!, {
    startedNs: 20.1e9,
    endedNs: 20.8e9,
    trigger: { kind: 'kill', step: 0, victims: [3], atNs: 19.99e9 },
    phases: phases(2, [20_100, 20_500, 20_700, 20_800]),
    writes: { lastAckNs: 19.98e9, firstAckNs: 20.95e9 },
  });
  Object.assign(cut!, {
    startedNs: 41.1e9,
    endedNs: 42e9,
    trigger: { kind: 'isolate', step: 1, victims: [2], atNs: 39.9e9 },
    phases: phases(3, [41_100, 41_600, 41_900, 42_000]),
    writes: { lastAckNs: 39.95e9, firstAckNs: 42.25e9 },
  });
  sample.scenario!.tags = ['kill-leader'];
  const dir = scratch();
  writeRun(dir, [sample]);
  return { all: electionStatistics(openRun(dir), (cause) => cause !== 'kill-leader'), dir };
}

test('the time from the loss to the next write is told by its parts', () => {
  const [{ elections, asked, wins } = {} as CauseStatistics] = statistics().all;
  expect(asked).toBe(0);
  expect(wins).toEqual({ 2: 1, 3: 1 });
  expect(elections.map(({ epoch, winner }) => [epoch, winner])).toEqual([
    [2, 2],
    [3, 3],
  ]);
  const [kill, cut] = elections;
  expect(kill).toMatchObject({
    noticedMs: 100,
    votingMs: 400,
    discoveryMs: 200,
    synchronizationMs: 100,
    resumedMs: 150,
    electedMs: 700,
    totalMs: 950,
  });
  // The cut took hold when the old leader's last acknowledgement had come: between its announcement and its proof.
  expect(cut!.totalMs).toBeCloseTo(2300);
  expect(cut!.noticedMs).toBeCloseTo(1150);
});

test('an election without a fault behind it, or without a write after it, is not measured', () => {
  const sample = leaderKill(400);
  const dir = scratch();
  writeRun(dir, [sample]);
  const [only] = electionStatistics(openRun(dir), () => false);
  expect(only).toMatchObject({ elections: [], total: undefined });
  expect(electionLines([only!]).join('\n')).toContain('0 of 0 elections measured');
  expect(renderElections(openRun(dir).meta, [only!])).toContain('0 of 0 elections measured');
});

test('the floors come from the settings of the servers', () => {
  const defaults = resolveTopology({}, '3.9.5');
  expect(floorsOf(defaults, false)).toEqual({ noticedMs: 0, votingMs: 200 });
  expect(floorsOf(defaults, true)).toEqual({ noticedMs: 1650, votingMs: 200 });
  const slow = resolveTopology({ settings: { tickTime: 2000, syncLimit: 5 } }, '3.9.5');
  expect(floorsOf(slow, true).noticedMs).toBe(9000);
});

test('the words name least, median and most beside the floor, and who won', () => {
  const lines = electionLines(statistics().all).join('\n');
  expect(lines).toContain('min 950 ms, median 950 ms, 90 % ≤ 2.3 s, max 2.3 s; floor 200 ms');
  expect(lines).toContain('zk2 once, zk3 once; decided not told by the logs 2 times');
});

test('the page draws a bar with five parts for each election and asks for nothing outside itself', () => {
  const { all, dir } = statistics();
  const page = renderElections(openRun(dir).meta, all);
  expect(page.match(/<title>(noticing the loss|discovery) /g)).toHaveLength(4);
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/<script|\bsrc=|url\(/);
  expect(page).toContain('class="floor"');
});
