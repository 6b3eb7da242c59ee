import { describe, expect, test } from 'vitest';
import type { Election } from '../../harness/ledger/ledger.ts';
import { reconstruct } from '../../harness/ledger/reconstruct.ts';
import { phaseLengths } from '../../harness/ledger/zab-phases.ts';
import { anotherStory, recorded, recordings } from './recorded.ts';

const voters = [1, 2, 3];

describe.each([...recordings, anotherStory])('every election on %s', (name) => {
  const recording = recorded(name);
  const { elections, reigns } = reconstruct(recording);
  const won = elections.filter(({ winner }) => winner !== undefined);

  test('has votes of servers for voters only', () => {
    const votes = elections.flatMap((election) => election.votes);
    expect(votes.filter(({ from }) => ![...recording.logs.keys()].includes(from))).toEqual([]);
    expect(votes.filter(({ leader }) => !voters.includes(leader))).toEqual([]);
  });

  test('has electors who are a quorum of voters and all took part', () => {
    expect(won.length).toBeGreaterThan(3);
    for (const { electors = [], participants, winner } of won) {
      expect(electors).toContain(winner);
      expect(electors.length).toBeGreaterThanOrEqual(2);
      expect(participants).toEqual(expect.arrayContaining(electors));
      expect(voters).toEqual(expect.arrayContaining(electors));
    }
  });

  test('has supporters who voted for the winner in the round that decided', () => {
    const named = won.filter(({ epoch }) => supportersOf(epoch).length > 0);
    for (const { epoch, electors } of named)
      expect(electors).toEqual(expect.arrayContaining(supportersOf(epoch)));
  });

  test('has a ballot that begins with a vote for oneself and never turns to something less', () => {
    for (const ballot of elections.flatMap(({ ballots = [] }) => ballots)) {
      if (!ballot.brought) continue;
      expect(ballot.cast[0]).toMatchObject({ leader: ballot.sid, ...ballot.brought });
      for (const [i, vote] of ballot.cast.entries()) {
        const before = ballot.cast[i - 1];
        if (!before) continue;
        expect(vote.round).toBeGreaterThanOrEqual(before.round);
        if (vote.round === before.round) expect(rank(vote)).toBeGreaterThan(rank(before));
      }
    }
  });

  test('has no ballot of the observer', () => {
    const ballots = elections.flatMap((election) => election.ballots ?? []);
    expect(ballots.filter(({ sid, cast }) => sid === 4 && cast.length > 0)).toEqual([]);
  });

  test('names what was done to the ensemble', () => {
    const kinds = won.map(({ trigger }) => trigger?.kind);
    expect([...new Set(kinds)]).toEqual(['start', 'kill', 'lost-quorum']);
  });

  test('was won by a server that brought what the votes for it say', () => {
    for (const { winner, ballots = [], votes, round } of won) {
      const brought = ballots.filter(({ sid }) => sid === winner).map((ballot) => ballot.brought);
      const voted = votes
        // The observer is answered with the vote of the round before (3.4.5).
        .filter(({ seenBy }) => voters.includes(seenBy))
        .filter((vote) => vote.leader === winner && vote.fromState === 'LOOKING' && vote.round === round)
        .map(({ zxid, peerEpoch }) => ({ zxid, peerEpoch }));
      expect(brought).toEqual(expect.arrayContaining(voted));
    }
  });

  test('takes some time in each phase, in order, and with all of them no longer than the election', () => {
    for (const election of won) {
      const lengths = phaseLengths(election)!;
      for (const ms of Object.values(lengths)) expect(ms).toBeGreaterThanOrEqual(0);
      const sum = Object.values(lengths).reduce((total, ms) => total + ms, 0);
      expect(sum).toBeLessThanOrEqual(lengthMs(election) + logSlackMs);
    }
  });

  function supportersOf(epoch: number | undefined): number[] {
    return reigns.find((reign) => reign.epoch === epoch)!.supporters;
  }
});

/** "Broadcast" is logged some lines after the quorum that ends the election. */
const logSlackMs = 500;

const lengthMs = ({ startedNs, endedNs }: Election) => (endedNs! - startedNs) / 1e6;

/** FastLeaderElection.totalOrderPredicate as one number that compares alike for the small values here. */
function rank({ peerEpoch, zxid, leader }: { peerEpoch: number; zxid: string; leader: number }): bigint {
  return (BigInt(peerEpoch) << 80n) + (BigInt(zxid) << 8n) + BigInt(leader);
}
