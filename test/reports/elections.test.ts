import { expect, test } from 'vitest';
import type { Election } from '../../harness/ledger/ledger.ts';
import { electionRows } from '../../reports/elections.ts';
import { faultWindows } from '../../reports/faults.ts';
import { leaderKill } from './sample-run.ts';

const { ledger, journal } = leaderKill(400);
const rows = electionRows(ledger!, faultWindows(journal!));

test('the first election needs no cause', () => {
  expect(rows[0]).toMatchObject({ epoch: 1, leader: 3, cause: 'first election of the ensemble' });
});

test('the cause names the fault before it, who was hit, and why the old leader stopped', () => {
  expect(rows[1]!.cause).toBe('110 ms after kill on zk3 (leader): its process ended');
});

test('time without a leader runs from the end of one reign to the quorum of the next', () => {
  expect(rows[1]!.leaderlessMs).toBe(900);
});

test('each server has one vote: its last', () => {
  expect(rows[2]!.votes.map(({ from, leader }) => [from, leader])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  expect(rows[2]!.votesSeen).toBe(6);
});

test('an election that nobody won has no leader and no length', () => {
  const { winner: _, epoch: __, ...lost } = ledger!.elections[1]!;
  const [row] = electionRows({ ...ledger!, elections: [lost] }, []);
  expect(row).toMatchObject({ leader: undefined, leaderlessMs: undefined });
});

test('an election with no fault near says so', () => {
  const [, second] = electionRows(ledger!, []);
  expect(second!.cause).toBe('no fault near: its process ended');
});

test('phases, votes in turn and the gap in acknowledged writes are told where the ledger has them', () => {
  const election: Election = {
    ...ledger!.elections[1]!,
    endedNs: 21e9,
    winner: 2,
    startedNs: 20.1e9,
    phases: [
      { sid: 2, phase: 'election', atNs: 20.1e9 },
      { sid: 2, phase: 'discovery', atNs: 20.5e9 },
      { sid: 2, phase: 'synchronization', atNs: 20.7e9 },
      { sid: 2, phase: 'broadcast', atNs: 20.8e9 },
    ],
    ballots: [{ sid: 2, fromNs: 20.1e9, cast: [] }],
    writes: { lastAckNs: 20e9, firstAckNs: 20.95e9 },
  };
  const [row] = electionRows({ ...ledger!, elections: [election] }, []);
  expect(row).toMatchObject({
    phases: { electionMs: 400, discoveryMs: 200, synchronizationMs: 100 },
    writelessMs: 950,
    ballots: [{ sid: 2 }],
  });
  expect(rows[1]).toMatchObject({ phases: undefined, writelessMs: undefined, ballots: [] });
});
