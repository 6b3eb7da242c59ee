import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../harness/ledger/ledger.ts';
import { reconstruct } from '../../harness/ledger/reconstruct.ts';
import type { RoleSample } from '../../harness/topology/roles.ts';
import { logOf, origin, type Recording, recorded, recordings } from './recorded.ts';

/** Samples are taken every 50 ms and answered late on a busy machine: near a change they prove nothing. */
const nearNs = 300e6;

describe.each(recordings)('the ledger of three voters and an observer on %s', (name) => {
  const recording = recorded(name);
  const ledger = reconstruct(recording);

  test('has the leaders that srvr showed, in order, in strictly rising epochs', () => {
    expect(ledger.reigns.map(({ epoch, leader }) => ({ epoch, leader }))).toEqual(leadersSeen(recording));
    const epochs = ledger.reigns.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  });

  test('is the same by logs of a clock an hour ahead, once the journal tells of that', () => {
    const { journal } = recording;
    const ahead = { atNs: 0, kind: 'clock-ahead', aheadMs: 3_600_000, withinMs: 2 } as const;
    const late = { ...recording, utcOffsetMinutes: -60 };
    expect(reconstruct({ ...late, journal: [ahead, ...journal] })).toEqual(ledger);
    expect(reconstruct(late)).not.toEqual(ledger);
  });

  test('misses no quorum of supporters', () => {
    const lines = [...recording.logs.values()].flatMap(
      (text) => text.match(/Have quorum of supporters/g) ?? [],
    );
    expect(ledger.reigns).toHaveLength(lines.length);
  });

  test('ends each reign for the reason the story gave it', () => {
    expect(ledger.reigns.map(({ endedBecause }) => endedBecause?.replace(/ with sids.*/, ''))).toEqual([
      'its process ended on SIGKILL',
      'Not sufficient followers synced, only synced',
      'its process ended on SIGKILL',
      'its process ended with exit code 143',
    ]);
  });

  test('has one election per reign, with a winner who was voted for by its supporters', () => {
    expect(ledger.elections.map(({ winner, epoch }) => ({ leader: winner, epoch }))).toEqual(
      ledger.reigns.map(({ leader, epoch }) => ({ leader, epoch })),
    );
    for (const [i, { winner, participants, votes, startedNs, endedNs }] of ledger.elections.entries()) {
      const { supporters } = ledger.reigns[i]!;
      expect(participants).toEqual(expect.arrayContaining(supporters));
      for (const sid of supporters) {
        expect(votes.some((vote) => vote.from === sid && vote.leader === winner)).toBe(true);
      }
      expect(startedNs).toBeLessThan(endedNs!);
    }
  });

  test('explains each election', () => {
    const causes = ledger.elections.map(({ cause }) => cause?.replace(/^server \d lost /, 'lost '));
    expect(causes).toEqual([
      'no leader before',
      'server 3, leader of epoch 1: its process ended on SIGKILL',
      'lost server 2, leader of epoch 2: java.net.SocketTimeoutException: Read timed out',
      'server 3, leader of epoch 3: its process ended on SIGKILL',
    ]);
  });

  test('tells who came back to a leader that was there, the wiped one by a snapshot', () => {
    const voters = ledger.rejoins?.filter(({ sid }) => sid !== 4) ?? [];
    expect(voters.map(({ sid, epoch }) => [sid, epoch])).toEqual([
      [3, 2],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    expect(voters[1]?.sync).toBe('SNAP');
  });

  test('has every synchronization that a voter logged', () => {
    const logged = [1, 2, 3].flatMap((sid) =>
      Array.from(
        recording.logs.get(sid)!.matchAll(/- (Getting a diff|Getting a snap|Truncating)/g),
        ([, how]) => ({
          sid,
          mode: { D: 'DIFF', S: 'SNAP', T: 'TRUNC' }[how!.replace('Getting a ', '')[0]!.toUpperCase()],
        }),
      ),
    );
    const told = ledger.elections.flatMap(({ syncs }) => syncs).filter(({ sid }) => sid !== 4);
    const inOrder = told.map(({ sid, mode }) => ({ sid, mode })).sort((a, b) => a.sid - b.sid);
    expect(inOrder).toEqual(logged);
  });

  test('goes through the phases of Zab in order', () => {
    for (const { phases, winner } of ledger.elections) {
      const own = phases?.filter(({ sid }) => sid === winner) ?? [];
      expect(own.map(({ phase }) => phase)).toEqual([
        'election',
        'discovery',
        'synchronization',
        'broadcast',
      ]);
    }
  });

  test('agrees with every srvr answer that is not near a change', () => {
    const stated = { leader: 'LEADING', follower: 'FOLLOWING', observer: 'OBSERVING' } as const;
    const wrong = recording.samples.filter(({ role, sid, atNs }) => {
      const state = stated[role as keyof typeof stated];
      const near = ledger.spans.filter(
        (s) => s.sid === sid && s.fromNs <= atNs + nearNs && s.toNs >= atNs - nearNs,
      );
      return state && !near.some((span) => span.state === state);
    });
    expect(wrong).toEqual([]);
  });

  test('has a span for every moment of every server', () => {
    for (const sid of recording.logs.keys()) {
      const spans = ledger.spans.filter((span) => span.sid === sid);
      expect(spans[0]).toMatchObject({ state: 'DOWN', fromNs: 0 });
      expect(spans.slice(1).map(({ fromNs }) => fromNs)).toEqual(spans.slice(0, -1).map(({ toNs }) => toNs));
      const exit = recording.journal.findLast((entry) => entry.kind === 'server-exit' && entry.sid === sid)!;
      expect(spans.filter(({ state, toNs }) => state !== 'DOWN' && toNs > exit.atNs)).toEqual([]);
    }
  });

  test('understood something of every log and was alarmed by nothing', () => {
    for (const sid of recording.logs.keys()) expect(ledger.understood[sid]).toBeGreaterThan(20);
    expect(ledger.alarms).toEqual([]);
  });

  test('is the same when a log ends in the middle of a line', () => {
    const logs = new Map([...recording.logs].map(([sid, text]) => [sid, `${text}2026-11-21 09:0`]));
    expect(reconstruct({ ...recording, logs })).toEqual(ledger);
  });

  test('tells the same leaders from srvr alone when no log can be read', () => {
    const sampled = reconstruct({ ...recording, logs: new Map() });
    expect(sampled.reigns.map(({ epoch, leader }) => ({ epoch, leader }))).toEqual(leadersSeen(recording));
    expect(sampled.reigns.every((reign) => reign.sampled)).toBe(true);
    expect(sampled.understood).toEqual({});
  });
});

const quorum = (epoch: number) =>
  `Have quorum of supporters, sids: [[1, 2]]; starting up and setting last processed zxid: 0x${epoch}00000000`;

describe('planted', () => {
  test('two leaders established in one epoch are two reigns of that epoch', () => {
    const { reigns } = planted({
      1: [
        [1, 'QuorumPeer', 'LOOKING'],
        [2, 'QuorumPeer', 'LEADING'],
        [3, 'Leader', quorum(5)],
      ],
      2: [
        [1, 'QuorumPeer', 'LOOKING'],
        [4, 'QuorumPeer', 'LEADING'],
        [6, 'Leader', quorum(5)],
      ],
    });
    expect(reigns.map(({ epoch, leader }) => [epoch, leader])).toEqual([
      [5, 1],
      [5, 2],
    ]);
  });

  test('an unknown format is understood 0 times, and srvr answers stand in', () => {
    const samples: RoleSample[] = [{ atNs: 1e6, sid: 1, role: 'leader', zxid: '0x300000007' }];
    const { understood, reigns } = reconstruct({
      logs: new Map([[1, 'INFO LEADING\n']]),
      origin,
      journal: [],
      samples,
    });
    expect(understood).toEqual({ 1: 0 });
    expect(reigns).toEqual([{ epoch: 3, leader: 1, establishedNs: 1e6, supporters: [], sampled: true }]);
  });

  test('a search that finds nobody before the log ends is an election without a winner', () => {
    const { elections } = planted({
      1: [
        [1, 'QuorumPeer', 'LOOKING'],
        [90, 'FastLeaderElection', 'Notification time out: 400'],
      ],
      2: [[2, 'QuorumPeer', 'LOOKING']],
    });
    expect(elections).toMatchObject([{ startedNs: 1e6, participants: [1, 2] }]);
    expect(elections[0]).not.toHaveProperty('winner');
  });

  test('a first attempt that ends without a quorum belongs to the election that succeeds', () => {
    const { elections, reigns } = planted({
      1: [
        [1, 'QuorumPeer', 'LOOKING'],
        [10, 'QuorumPeer', 'LEADING'],
        [
          50,
          'Leader',
          'Shutdown called. For the reason Waiting for a quorum of followers, only synced with sids: [ [1] ]',
        ],
        [51, 'QuorumPeer', 'LOOKING'],
        [60, 'QuorumPeer', 'LEADING'],
        [70, 'Leader', quorum(1)],
      ],
    });
    expect(reigns).toHaveLength(1);
    expect(elections).toMatchObject([{ startedNs: 1e6, endedNs: 70e6, winner: 1, participants: [1] }]);
  });

  test('who was cut off long before the leader fell does not date the election back', () => {
    const { elections } = planted({
      1: [
        [1, 'QuorumPeer', 'LOOKING'],
        [10, 'QuorumPeer', 'LEADING'],
        [20, 'Leader', quorum(1)],
        [9000, 'Leader', 'Shutdown called. For the reason quorum Peer shutdown'],
        [9001, 'QuorumPeer', 'LOOKING'],
        [9300, 'QuorumPeer', 'LEADING'],
        [9400, 'Leader', quorum(2)],
      ],
      2: [
        [2000, 'QuorumPeer', 'LOOKING'],
        [9300, 'QuorumPeer', 'FOLLOWING'],
      ],
    });
    expect(elections[1]).toMatchObject({ startedNs: 9001e6, winner: 1, participants: [1, 2] });
    expect(elections[1]?.cause).toBe('server 1, leader of epoch 1: quorum Peer shutdown');
  });

  test('a process that ended without being asked says so', () => {
    const { reigns, spans } = reconstruct({
      logs: new Map([
        [
          1,
          logOf(1, [
            [1, 'QuorumPeer', 'LEADING'],
            [3, 'Leader', quorum(1)],
          ]),
        ],
      ]),
      origin,
      journal: [{ kind: 'server-exit', atNs: 8e6, sid: 1, code: 13, signal: null, asked: false }],
      samples: [],
    });
    expect(reigns[0]).toMatchObject({
      endedNs: 8e6,
      endedBecause: 'its process ended by itself with exit code 13',
    });
    expect(spans).toEqual([{ sid: 1, state: 'LEADING', fromNs: 1e6, toNs: 8e6 }]);
  });

  test('a process that started again without a journal was down in between', () => {
    const { reigns, spans } = planted({
      1: [
        [1, 'QuorumPeer', 'LEADING'],
        [3, 'Leader', quorum(1)],
        [50, 'QuorumPeerMain', 'Starting quorum peer, myid=1'],
        [90, 'QuorumPeer', 'LOOKING'],
        [99, 'QuorumPeer', 'FOLLOWING'],
      ],
    });
    expect(reigns[0]).toMatchObject({ endedNs: 50e6, endedBecause: 'its process started anew' });
    expect(spans.map(({ state }) => state)).toEqual(['LEADING', 'DOWN', 'LOOKING']);
  });

  test('a last line cut off in the middle of a zxid is harmless', () => {
    const text = logOf(1, [
      [1, 'QuorumPeer', 'LEADING'],
      [3, 'Leader', quorum(2)],
    ]).slice(0, -6);
    expect(reconstruct({ logs: new Map([[1, text]]), origin, journal: [], samples: [] }).reigns).toEqual([]);
  });
});

function planted(logs: Record<number, Parameters<typeof logOf>[1]>): Ledger {
  const texts = Object.entries(logs).map(([sid, lines]) => [Number(sid), logOf(Number(sid), lines)] as const);
  return reconstruct({ logs: new Map(texts), origin, journal: [], samples: [] });
}

function leadersSeen({ samples }: Recording): { epoch: number; leader: number }[] {
  const seen = new Map<string, { epoch: number; leader: number }>();
  for (const { role, sid, zxid } of samples.toSorted((a, b) => a.atNs - b.atNs)) {
    if (role !== 'leader' || zxid === undefined) continue;
    const epoch = Number(BigInt(zxid) >> 32n);
    if (!seen.has(`${epoch}/${sid}`)) seen.set(`${epoch}/${sid}`, { epoch, leader: sid });
  }
  return [...seen.values()];
}
