import { describe, expect, test } from 'vitest';
import type { Ballot, Election, Ledger, Vote } from '../../harness/ledger/ledger.ts';
import { reconstruct } from '../../harness/ledger/reconstruct.ts';
import { beats, decidedBy, opinionOn } from '../../harness/ledger/vote-oracle.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { anotherStory, recorded, recordings } from './recorded.ts';

const topologyOf = (voters: number, observers = 0) => resolveTopology({ voters, observers }, '3.9.5');

describe.each([...recordings, anotherStory])('on %s', (name) => {
  test('every election of real servers is lawful', () => {
    const ledger = reconstruct(recorded(name));
    const won = ledger.elections.filter(({ winner }) => winner !== undefined);
    const opinions = won.map((election) => opinionOn(election, topologyOf(3, 1), ledger));
    expect(opinions.map(({ kind, words }) => ({ kind, words }))).toEqual(
      won.map(() => expect.objectContaining({ kind: 'lawful' })),
    );
  });
});

test('the higher epoch counts before the higher zxid, and that before the higher id', () => {
  const standing = (peerEpoch: number, zxid: string, leader: number) => ({ peerEpoch, zxid, leader });
  expect(beats(standing(2, '0x100000001', 1), standing(1, '0x1000000ff', 3))).toBe(true);
  expect(beats(standing(1, '0x100000009', 1), standing(1, '0x100000008', 3))).toBe(true);
  expect(beats(standing(1, '0x10000000a', 1), standing(1, '0x100000009', 3))).toBe(true);
  expect(beats(standing(1, '0x100000008', 3), standing(1, '0x100000008', 2))).toBe(true);
  expect(beats(standing(1, '0x100000008', 2), standing(1, '0x100000008', 2))).toBe(false);
});

/** Times in ms. Everybody votes for itself at the start, for `winner` 100 ms later, and settles after a second. */
const startMs = 1000;
const ms = (at: number) => (startMs + at) * 1e6;

function electionOf(winner: number, brought: Record<number, [peerEpoch: number, zxid: string]>): Election {
  const [peerEpoch, zxid] = brought[winner]!;
  const final = { leader: winner, peerEpoch, zxid, round: 1 };
  const ballots = Object.entries(brought).map(([sid, own]): Ballot => {
    const first = { leader: Number(sid), peerEpoch: own[0], zxid: own[1], round: 1 };
    return {
      sid: Number(sid),
      fromNs: ms(0),
      settledNs: ms(1000),
      as: Number(sid) === winner ? 'LEADING' : 'FOLLOWING',
      brought: { peerEpoch: own[0], zxid: own[1] },
      cast: [
        { atNs: ms(1), ...first },
        { atNs: ms(100), ...final },
      ],
    };
  });
  const participants = ballots.map(({ sid }) => sid);
  return {
    startedNs: ms(0),
    endedNs: ms(1100),
    winner,
    epoch: 3,
    participants,
    votes: [],
    syncs: [],
    ballots,
    round: 1,
  };
}

const ledgerOf = (voters: number): Ledger => ({
  reigns: [],
  elections: [],
  spans: [],
  understood: Object.fromEntries(Array.from({ length: voters }, (_, i) => [i + 1, 50])),
  alarms: [],
});
const opinion = (election: Election, voters = 3, observers = 0) =>
  opinionOn(election, topologyOf(voters, observers), ledgerOf(voters + observers));

const eight = '0x100000008';
const seven = '0x100000007';

test('zxids 8, 8, 7, 7 on servers 1, 2, 4 and 5 of five make 2 the leader, and 5 not', () => {
  const four = { 1: [1, eight], 2: [1, eight], 4: [1, seven] } as const;
  const brought = Object.fromEntries(Object.entries(four).map(([sid, own]) => [sid, [...own]])) as Record<
    number,
    [number, string]
  >;
  expect(opinion(electionOf(2, brought), 5)).toMatchObject({ kind: 'lawful' });
  expect(opinion(electionOf(4, brought), 5)).toMatchObject({ kind: 'unlawful' });
  expect(opinion(electionOf(1, brought), 5)).toMatchObject({ kind: 'unlawful' });
});

test('a longer log of an older epoch loses', () => {
  const brought: Record<number, [number, string]> = { 1: [1, '0x1000000ff'], 2: [2, '0x200000000'] };
  expect(opinion(electionOf(2, brought))).toMatchObject({ kind: 'lawful' });
  const { kind, words, servers } = opinion(electionOf(1, brought));
  expect({ kind, servers }).toEqual({ kind: 'unlawful', servers: [1, 2] });
  expect(words).toContain(
    'zk2 elected zk1 (epoch 1, zxid 0x1000000ff), although it had brought zk2 (epoch 2, zxid 0x200000000)',
  );
});

function heard(election: Election, atMs: number, more: Partial<Vote> = {}): Election {
  const vote = {
    from: 3,
    leader: 3,
    peerEpoch: 1,
    zxid: eight,
    round: 1,
    fromState: 'LOOKING' as const,
    ...more,
  };
  return { ...election, votes: [1, 2].map((seenBy) => ({ atNs: ms(atMs), seenBy, ...vote })) };
}

const two = () => electionOf(2, { 1: [1, eight], 2: [1, eight] });

test('who had heard of a better one in time breaks the law by electing another', () => {
  const { kind, words } = opinion(heard(two(), 300));
  expect(kind).toBe('unlawful');
  expect(words).toContain(
    'it had heard zk3 vote for zk3 (epoch 1, zxid 0x100000008) 700 ms before it settled',
  );
});

test.each([
  ['too late to be weighed', 950, {}],
  ['of another round', 300, { round: 9 }],
  ['of an observer', 300, { from: 4 }],
  ['that is worse', 300, { zxid: seven }],
  ['of a server that follows already', 300, { fromState: 'FOLLOWING' as const }],
])('a vote %s binds nobody', (_, atMs, more) => {
  expect(opinion(heard(two(), atMs, more), 3)).toMatchObject({ kind: 'lawful' });
});

test('the highest id that came late is a lawful surprise, told in words', () => {
  const election = two();
  const late: Ballot = { sid: 3, fromNs: ms(900), brought: { peerEpoch: 1, zxid: eight }, cast: [] };
  const votes = heard(election, 1040).votes;
  const { kind, words } = opinion({ ...election, ballots: [...election.ballots!, late], votes });
  expect(kind).toBe('lawful');
  expect(words).toBe(
    'zk3 (epoch 1, zxid 0x100000008) was better than zk2 (epoch 1, zxid 0x100000008) and did not win: its vote reached zk2 40 ms after that had settled',
  );
});

test('an observer that won, or voted, has no business to', () => {
  expect(opinion(electionOf(3, { 1: [1, eight], 3: [1, eight] }), 2, 1).kind).toBe('unlawful');
  const voted = heard(two(), 10, { from: 3 });
  expect(opinion(voted, 2, 1)).toMatchObject({ kind: 'unlawful', servers: [3] });
});

test('logs that show too little are no proof of anything', () => {
  const { ballots: _, ...bare } = two();
  expect(opinion(bare).kind).toBe('untold');
  const unread = { ...ledgerOf(3), understood: { 1: 0, 2: 50, 3: 0 } };
  const alone = electionOf(2, { 2: [1, eight] });
  expect(opinionOn(alone, topologyOf(3), unread).kind).toBe('lawful');
  expect(opinion(alone).kind).toBe('unlawful');
});

test('what decided is told against the next best elector', () => {
  const decided = (brought: Record<number, [number, string]>, winner: number) => {
    const electors = Object.keys(brought).map(Number);
    return decidedBy({ ...electionOf(winner, brought), electors });
  };
  expect(decided({ 1: [1, eight], 2: [1, eight], 4: [1, seven] }, 2)).toBe('id');
  expect(decided({ 1: [1, eight], 4: [1, seven] }, 1)).toBe('zxid');
  expect(decided({ 1: [1, '0x1000000ff'], 2: [2, '0x200000000'] }, 2)).toBe('epoch');
  expect(decided({ 1: [1, eight] }, 1)).toBeUndefined();
});
