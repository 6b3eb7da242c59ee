import type { Ballot, Election, Ledger, Reign } from '../harness/ledger/ledger.ts';
import { gapMs } from '../harness/ledger/write-gaps.ts';
import { type PhaseLengths, phaseLengths } from '../harness/ledger/zab-phases.ts';
import { type FaultWindow, victimsInWords } from './faults.ts';
import { duration } from './format.ts';

/** One election as a row of the report. */
export interface ElectionRow {
  startedNs: number;
  endedNs: number | undefined;
  epoch: number | undefined;
  leader: number | undefined;
  /** Why there was one, as far as the evidence goes. */
  cause: string;
  supporters: number[];
  participants: number[];
  /** Each participant's last vote: who, for whom, with which zxid and epoch. */
  votes: { from: number; leader: number; zxid: string; peerEpoch: number }[];
  votesSeen: number;
  /** What each participant brought and voted for in turn; empty in ledgers that do not tell. */
  ballots: Ballot[];
  /** How long the winner spent in each phase of Zab; undefined when its log does not tell all of them. */
  phases: PhaseLengths | undefined;
  /** From the last write acknowledged in an older epoch to the first in the new one; undefined without either. */
  writelessMs: number | undefined;
  /** From the end of the reign before (or the start of the election) to the new leader's quorum; undefined when nobody won. */
  leaderlessMs: number | undefined;
  syncs: { sid: number; mode: string }[];
}

/** Log time stamps are whole milliseconds and servers notice a fault before its probe does: this much may be out of order. */
const slackNs = 1e9;

export function electionRows(ledger: Ledger, faults: readonly FaultWindow[]): ElectionRow[] {
  return ledger.elections.map((election) => {
    const reign = ledger.reigns.find((r) => r.epoch === election.epoch && r.leader === election.winner);
    const before = reignBefore(ledger, reign, election.startedNs);
    const leaderlessFrom = before?.endedNs ?? election.startedNs;
    return {
      startedNs: election.startedNs,
      endedNs: election.endedNs,
      epoch: election.epoch,
      leader: election.winner,
      cause: causeOf(election, before, faults),
      supporters: reign?.supporters ?? [],
      participants: election.participants,
      votes: lastVotes(election),
      votesSeen: election.votes.length,
      ballots: election.ballots ?? [],
      phases: phaseLengths(election),
      writelessMs: election.writes && gapMs(election.writes),
      leaderlessMs: reign && Math.max(0, (reign.establishedNs - leaderlessFrom) / 1e6),
      syncs: election.syncs.map(({ sid, mode }) => ({ sid, mode })),
    };
  });
}

/** The last reign established before this election was won; one that ended later than this began does not count as over. */
function reignBefore(ledger: Ledger, reign: Reign | undefined, startedNs: number): Reign | undefined {
  return ledger.reigns
    .filter((r) => r !== reign && r.establishedNs < startedNs)
    .sort((a, b) => a.establishedNs - b.establishedNs)
    .at(-1);
}

function causeOf(election: Election, before: Reign | undefined, faults: readonly FaultWindow[]): string {
  if (!before) return 'first election of the ensemble';
  const ended = before.endedBecause ? `: ${before.endedBecause}` : '';
  const fault = nearestFault(election.startedNs, faults);
  if (!fault) return `no fault near${ended}`;
  return `${fault}${ended}`;
}

/** The fault event (landing or heal) that most closely precedes the election, if it is not from an earlier chapter. */
function nearestFault(atNs: number, faults: readonly FaultWindow[]): string | undefined {
  const events = faults.flatMap((window) => {
    const { landedNs, healedNs, intentNs } = window;
    const name = `${window.fault} on ${victimsInWords(window)}`;
    const landed = landedNs === undefined ? [] : [{ atNs: Math.min(intentNs, landedNs), text: name }];
    const healed = healedNs === undefined ? [] : [{ atNs: healedNs, text: `heal of ${name}` }];
    return [...landed, ...healed];
  });
  const nearest = events
    .filter((event) => event.atNs <= atNs + slackNs)
    .sort((a, b) => a.atNs - b.atNs)
    .at(-1);
  if (!nearest) return undefined;
  const gapMs = (atNs - nearest.atNs) / 1e6;
  return gapMs < 1 ? nearest.text : `${duration(gapMs)} after ${nearest.text}`;
}

function lastVotes(election: Election): ElectionRow['votes'] {
  const last = new Map<number, ElectionRow['votes'][number]>();
  for (const { from, leader, zxid, peerEpoch } of election.votes)
    last.set(from, { from, leader, zxid, peerEpoch });
  return [...last.values()].sort((a, b) => a.from - b.from);
}
