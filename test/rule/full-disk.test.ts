import { expect, test } from 'vitest';
import { progress } from '../../harness/rule/progress.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { evidenceFor } from './hand.ts';

const full = { step: 0, fault: 'full-disk', victims: [2] };
const entries: JournalEntry[] = [
  { atNs: 1e9, kind: 'phase', phase: 'warm-up' },
  {
    ...{ atNs: 2e9, kind: 'fault-intent', ...full, roles: {}, deadlineNs: 60e9 },
    call: { fault: 'full-disk', target: [2], params: {} },
  },
  { atNs: 3e9, kind: 'fault-landed', ...full, proof: [] },
  { atNs: 6e9, kind: 'fault-healing', ...full },
  { atNs: 7e9, kind: 'fault-healed', ...full, proof: [] },
];
const ended = (sid: number, atNs: number): JournalEntry => ({
  ...{ atNs, kind: 'server-exit', sid, code: 1, signal: null, asked: false },
});
const started = (sid: number, atNs: number): JournalEntry => ({
  ...{ atNs, kind: 'server-start', sid, version: '3.9.5', pid: 7 },
});
const told = (...more: JournalEntry[]) => {
  const journal = [...entries, ...more].sort((a, b) => a.atNs - b.atNs);
  return progress.judge({ ...evidenceFor([]), journal }).findings.map(({ title }) => title);
};

test('a server may end while its disk has no room, and at no other time; no other server may', () => {
  expect(told(ended(2, 4e9))).toEqual([]);
  expect(told(ended(2, 8e9))).toEqual(['zk2 ended by itself (exit code 1)']);
  expect(told(ended(1, 4e9))).toEqual(['zk1 ended by itself (exit code 1)']);
});

test('one that was started with room again may not end, also where that leaves the heal stuck', () => {
  expect(told(started(2, 4.5e9), ended(2, 5e9))).toEqual([]);
  expect(told(started(2, 6.2e9), ended(2, 6.5e9))).toEqual(['zk2 ended by itself (exit code 1)']);
  expect(told(started(1, 6.2e9), ended(2, 6.5e9))).toEqual([]);
});
