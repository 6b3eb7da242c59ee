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
const staged = (journal: JournalEntry[]) =>
  stagesOf(topology, journal, way.to, 100).map((stage) => [stageName(stage, way), stage.fromNs, stage.toNs]);

test('a stage lasts from the start that makes it to the start that ends it', () => {
  expect(
    staged([start(1, 1, '3.8.6'), start(10, 1, '3.9.5'), start(20, 2, '3.9.5'), start(30, 3, '3.9.5')]),
  ).toEqual([
    ['3.8.6', 0, 10],
    ['1 of 3 on 3.9.5', 10, 20],
    ['2 of 3 on 3.9.5', 20, 30],
    ['3.9.5', 30, 100],
  ]);
});

test('a server that comes back on what it had makes no stage', () => {
  expect(staged([start(10, 1, '3.9.5'), start(15, 1, '3.9.5'), start(16, 3, '3.8.6')])).toHaveLength(2);
});

test('the way back is told apart from the way there', () => {
  const there = [1, 2, 3].map((sid) => start(10 + sid, sid, '3.9.5'));
  const back = [1, 2, 3].map((sid) => start(20 + sid, sid, '3.8.6'));
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
