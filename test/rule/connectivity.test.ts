import { expect, test } from 'vitest';
import { canCommit, hasQuorum, leadsQuorum, stretches, together } from '../../harness/rule/connectivity.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { evidenceFor } from './hand.ts';
import { between, fault, second } from './hand-faults.ts';

const fiveServers = resolveTopology({ voters: 5 } as never, '3.9.5');

function at(ns: number, journal: JournalEntry[], topology = fiveServers) {
  const all = stretches({ ...evidenceFor([]), journal, topology });
  const stretch = all.find(({ fromNs, toNs }) => fromNs <= ns && ns < toNs)!;
  return {
    quorum: hasQuorum(topology, stretch),
    able: topology.nodes.map(({ sid }) => sid).filter((sid) => canCommit(topology, stretch, sid)),
  };
}

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

const started = (sid: number, ns: number): JournalEntry => ({
  ...{ kind: 'server-start', sid, version: '3.9.5', pid: 1 },
  atNs: ns * second,
});
const ended = (sid: number, ns: number): JournalEntry => ({
  ...{ kind: 'server-exit', sid, code: null, signal: 'SIGKILL', asked: true },
  atNs: ns * second,
});

test('a server is down before its first start, and a start is noticed up to a second late', () => {
  const journal = [started(1, 10)];
  expect(at(8.9 * second, journal).able).toEqual([2, 3, 4, 5]);
  expect(at(9 * second, journal).able).toEqual([1, 2, 3, 4, 5]);
});

test('a server whose end comes first ran until then, and one that restarts within the second was never down', () => {
  expect(at(9 * second, [ended(1, 10)]).able).toContain(1);
  expect(at(10 * second, [ended(1, 10)]).able).not.toContain(1);
  expect(stretches({ ...evidenceFor([]), journal: [ended(1, 10), started(1, 11)] })).toHaveLength(1);
});

test('an end seen twice counts from the first, and a second start ends nothing', () => {
  const journal = [ended(1, 10), ended(1, 15), started(1, 20), started(1, 30)];
  expect(at(12 * second, journal).able).not.toContain(1);
  expect(at(25 * second, journal).able).toContain(1);
});

test('a fault of which no end is known holds until the deadline, and without that for no time at all', () => {
  const [intent, landed] = fault('pause', [1, 2, 3], { deadlineNs: 15 * second });
  expect(at(14 * second, [intent!, landed!]).quorum).toBe(false);
  expect(at(16 * second, [intent!, landed!]).quorum).toBe(true);
  expect(at(14 * second, [landed!]).quorum).toBe(true);
});

test('a fault that never landed, or that healed at once, broke nothing', () => {
  const [intent, landed, healing] = fault('pause', [1, 2, 3]);
  expect(stretches({ ...evidenceFor([]), journal: [intent!, healing!] })).toHaveLength(1);
  const atOnce = { ...healing!, atNs: landed!.atNs };
  expect(stretches({ ...evidenceFor([]), journal: [intent!, landed!, atOnce] })).toHaveLength(1);
});

test('only a fault that freezes stops servers, and cutting their clients off cuts no peers', () => {
  expect(at(15 * second, fault('slow', [1, 2, 3])).quorum).toBe(true);
  const cuts = [1, 2, 3].flatMap((sid) => [
    { from: sid, to: 'clients' as const, ports: 'all' as const },
    { from: 'clients' as const, to: sid, ports: 'all' as const },
  ]);
  const [stretch] = stretches({
    journal: fault('isolate', [1, 2, 3], { cuts }),
    topology: fiveServers,
  }).slice(1);
  expect([...stretch!.cut]).toEqual([]);
});

test('who leads a quorum hears it', () => {
  const journal = fault('partition', [1, 2], { cuts: between([1, 2], [3, 4, 5]) });
  const stretch = stretches({ journal, topology: fiveServers })[1]!;
  expect([1, 2, 3, 4, 5].filter((sid) => leadsQuorum(fiveServers, stretch, sid))).toEqual([3, 4, 5]);
});

test('over several stretches a server was up in one of them, and cut off only in all of them', () => {
  const up = (...sids: number[]) => ({ fromNs: 0, toNs: 1, up: new Set(sids), cut: new Set(['1-2']) });
  expect(together([up(1), up(2)]).up).toEqual(new Set([1, 2]));
  expect(together([up(1), up(2)]).cut).toEqual(new Set(['1-2']));
  expect(together([up(1), { ...up(2), cut: new Set(['1-3']) }]).cut).toEqual(new Set());
});
