import { describe, expect, test } from 'vitest';
import { progress } from '../../harness/rule/progress.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { beginning, evidenceFor } from './hand.ts';
import { fault, second } from './hand-faults.ts';

const exit = (atS: number): JournalEntry => ({
  ...{ atNs: atS * second, kind: 'server-exit', sid: 1 },
  ...{ code: 1, signal: null, asked: false },
});

/** What is said of servers that ended, in a run whose journal has these entries, too. */
function endedIn(entries: readonly JournalEntry[]): string[] {
  const evidence = evidenceFor(beginning());
  const warmUp: JournalEntry = { atNs: 0, kind: 'phase', phase: 'warm-up' };
  const journal = [warmUp, ...entries].sort((a, b) => a.atNs - b.atNs);
  const { findings } = progress.judge({ ...evidence, journal });
  return findings.map(({ title }) => title).filter((title) => title.includes('ended by itself'));
}

describe('a server that ends by itself', () => {
  const told = ['zk1 ended by itself (exit code 1)'];

  test('is a breach, whatever else was broken', () => {
    expect(endedIn([exit(15)])).toEqual(told);
    expect(endedIn([...fault('isolate', [1]), exit(15)])).toEqual(told);
  });

  test('is none while its own disk is spoiled, but before, after, and when it was another one', () => {
    expect(endedIn([...fault('spoil', [1]), exit(15)])).toEqual([]);
    for (const atS of [9.5, 22]) expect(endedIn([...fault('spoil', [1]), exit(atS)])).toEqual(told);
    expect(endedIn([...fault('spoil', [2]), exit(15)])).toEqual(told);
  });
});
