import { expect, test } from 'vitest';
import { canCommit, hasQuorum, stretches } from '../../harness/rule/connectivity.ts';
import type { JournalEntry, LinkCut } from '../../harness/run/journal-entry.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { evidenceFor } from './hand.ts';

const second = 1e9;
const fiveServers = resolveTopology({ voters: 5 } as never, '3.9.5');

function at(ns: number, journal: JournalEntry[], topology = fiveServers) {
  const all = stretches({ ...evidenceFor([]), journal, topology });
  const stretch = all.find(({ fromNs, toNs }) => fromNs <= ns && ns < toNs)!;
  return {
    quorum: hasQuorum(topology, stretch),
    able: topology.nodes.map(({ sid }) => sid).filter((sid) => canCommit(topology, stretch, sid)),
  };
}

function fault(
  name: string,
  victims: number[],
  more: { cuts?: LinkCut[]; deadlineNs?: number } = {},
): JournalEntry[] {
  const about = { step: 0, fault: name, victims };
  const call = { fault: name, target: victims, params: {} };
  const { deadlineNs = 100 * second, cuts } = more;
  return [
    { atNs: 9 * second, kind: 'fault-intent', ...about, call, roles: {}, deadlineNs },
    { atNs: 10 * second, kind: 'fault-landed', ...about, proof: [], ...(cuts && { cuts }) },
    { atNs: 20 * second, kind: 'fault-healing', ...about },
    { atNs: 21 * second, kind: 'fault-healed', ...about, proof: [] },
  ];
}

const between = (a: number[], b: number[], ports: LinkCut['ports'] = 'all'): LinkCut[] =>
  a.flatMap((from) => b.map((to) => ({ from, to, ports })));

test('nothing is known to be broken without a journal', () => {
  expect(at(0, [])).toEqual({ quorum: true, able: [1, 2, 3, 4, 5] });
});

test('frozen servers count from the landing to the beginning of the heal', () => {
  const journal = fault('pause', [1, 2, 3]);
  expect(at(9.5 * second, journal).quorum).toBe(true);
  expect(at(10.5 * second, journal)).toEqual({ quorum: false, able: [] });
  expect(at(20.5 * second, journal).quorum).toBe(true);
});

test('a fault ends at the deadline of the kernel even when the harness was late', () => {
  const journal = fault('pause', [1, 2, 3], { deadlineNs: 15 * second });
  expect(at(14 * second, journal).quorum).toBe(false);
  expect(at(16 * second, journal).quorum).toBe(true);
});

test('of two sides only the one with a quorum can commit', () => {
  const journal = fault('partition', [1, 2], { cuts: between([1, 2], [3, 4, 5]) });
  expect(at(15 * second, journal)).toEqual({ quorum: true, able: [3, 4, 5] });
});

test('losing one direction loses the link, and losing other ports does not', () => {
  expect(at(15 * second, fault('isolate', [1], { cuts: between([1], [2, 3, 4, 5], 'quorum') })).able).toEqual(
    [2, 3, 4, 5],
  );
  expect(
    at(15 * second, fault('isolate', [1], { cuts: between([1], [2, 3, 4, 5], 'election') })).able,
  ).toHaveLength(5);
  expect(
    at(15 * second, fault('isolate', [1], { cuts: between([1], [2, 3, 4, 5], 'client') })).able,
  ).toHaveLength(5);
});

test('a bridge is enough for a quorum around it, and whoever hears it can commit', () => {
  const journal = fault('bridge', [1], { cuts: between([2, 3], [4, 5]) });
  expect(at(15 * second, journal)).toEqual({ quorum: true, able: [1, 2, 3, 4, 5] });
});

test('a server is down from its end to shortly before its next start is noticed', () => {
  const exit = (sid: number): JournalEntry => ({
    atNs: 10 * second,
    kind: 'server-exit',
    sid,
    code: null,
    signal: 'SIGKILL',
    asked: true,
  });
  const start = (sid: number): JournalEntry => ({
    atNs: 20 * second,
    kind: 'server-start',
    sid,
    version: '3.9.5',
    pid: 1,
  });
  const journal = [exit(1), exit(2), exit(3), start(1)];
  expect(at(12 * second, journal)).toEqual({ quorum: false, able: [] });
  expect(at(19.5 * second, journal)).toEqual({ quorum: true, able: [1, 4, 5] });
});

test('an observer is no voter, and commits only through a leader with a quorum', () => {
  const topology = resolveTopology({ voters: 3, observers: 2 } as never, '3.9.5');
  const journal = fault('pause', [1, 2]);
  expect(at(15 * second, journal, topology)).toEqual({ quorum: false, able: [] });
  const cut = fault('isolate', [4], { cuts: between([4], [1, 2, 3, 5]) });
  expect(at(15 * second, cut, topology)).toEqual({ quorum: true, able: [1, 2, 3, 5] });
});
