import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../harness/run/journal-entry.ts';
import { resolveTopology } from '../../../harness/topology/resolve.ts';
import { stageName, stagesOf } from '../../../reports/upgrade/stages.ts';

const topology = resolveTopology({ voters: 3 }, '3.8.6');
const way = { from: '3.8.6', to: '3.9.5' };
const start = (atNs: number, sid: number, version: string): JournalEntry => ({
  kind: 'server-start',
  atNs,
  sid,
  version,
  pid: 1,
});
const serving = (atNs: number): JournalEntry => ({
  kind: 'serving',
  atNs,
  leader: 1,
  followers: [],
  observers: [],
});
/** Each start, and that the ensemble serves after it. */
const one = (atNs: number, sid: number, version: string) => [start(atNs, sid, version), serving(atNs + 0.5)];
const staged = (journal: JournalEntry[]) =>
  stagesOf(topology, journal, way.to, 100).map((stage) => [stageName(stage, way), stage.fromNs, stage.toNs]);

test('a stage lasts from the start that makes it to the start that ends it', () => {
  expect(
    staged([serving(5), ...one(10, 1, '3.9.5'), ...one(20, 2, '3.9.5'), ...one(30, 3, '3.9.5')]),
  ).toEqual([
    ['3.8.6', 0, 10],
    ['1 of 3 on 3.9.5', 10, 20],
    ['2 of 3 on 3.9.5', 20, 30],
    ['3.9.5', 30, 100],
  ]);
});

test('a server that comes back on what it had makes no stage', () => {
  const journal = [serving(5), ...one(10, 1, '3.9.5'), ...one(15, 1, '3.9.5'), ...one(16, 3, '3.8.6')];
  expect(staged(journal)).toHaveLength(2);
});

test('servers that are started together make one stage, and one that never serves is one', () => {
  const together = [serving(5), ...[1, 2, 3].map((sid) => start(10 + sid, sid, '3.9.5')), serving(20)];
  expect(staged(together)).toEqual([
    ['3.8.6', 0, 13],
    ['3.9.5', 13, 100],
  ]);
  const stuck: JournalEntry = { kind: 'not-serving', atNs: 40, waitedMs: 1, roles: {} };
  const never = [serving(5), start(10, 1, '3.9.5'), stuck, start(50, 1, '3.8.6')];
  expect(staged(never).map(([name]) => name)).toEqual(['3.8.6', '1 of 3 on 3.9.5', '3.8.6']);
});

test('the way back is told apart from the way there', () => {
  const there = [serving(5), ...[1, 2, 3].flatMap((sid) => one(10 + sid, sid, '3.9.5'))];
  const back = [1, 2, 3].flatMap((sid) => one(20 + sid, sid, '3.8.6'));
  expect(staged([...there, ...back]).map(([name]) => name)).toEqual([
    '3.8.6',
    '1 of 3 on 3.9.5',
    '2 of 3 on 3.9.5',
    '3.9.5',
    '2 of 3 on 3.9.5, on the way back',
    '1 of 3 on 3.9.5, on the way back',
    '3.8.6 again',
  ]);
});

test('a broker makes no stage, also where its release is called as that of the servers', () => {
  const journal = [serving(5), start(6, 101, '3.9.5'), ...one(10, 1, '3.9.5'), ...one(20, 102, '3.9.5')];
  expect(staged(journal)).toEqual([
    ['3.8.6', 0, 10],
    ['1 of 3 on 3.9.5', 10, 100],
  ]);
});
