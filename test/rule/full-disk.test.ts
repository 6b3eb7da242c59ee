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
const told = (exit: JournalEntry) => {
  const journal = [...entries, exit].sort((a, b) => a.atNs - b.atNs);
  return progress.judge({ ...evidenceFor([]), journal }).findings.map(({ title }) => title);
};

test('a server may end while its disk has no room, and at no other time; no other server may', () => {
  expect(told(ended(2, 4e9))).toEqual([]);
  expect(told(ended(2, 8e9))).toEqual(['zk2 ended by itself (exit code 1)']);
  expect(told(ended(1, 4e9))).toEqual(['zk1 ended by itself (exit code 1)']);
});
