import { expect, test } from 'vitest';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { faultWindows, victimsInWords } from '../../reports/faults.ts';

const call = { fault: 'kill', target: 'leader' as const, params: {} };
const about = { step: 0, fault: 'kill', victims: [3] };
const intent = (atNs: number): JournalEntry => ({
  atNs,
  kind: 'fault-intent',
  ...about,
  call,
  roles: { 3: 'leader' },
  deadlineNs: 9,
});
const landed: JournalEntry = { atNs: 2, kind: 'fault-landed', ...about, proof: ['gone'] };

test('a fault that landed and healed is one window', () => {
  const healed: JournalEntry = { atNs: 5, kind: 'fault-healed', ...about, proof: ['back'] };
  expect(faultWindows([intent(1), landed, healed])).toMatchObject([
    { state: 'healed', intentNs: 1, landedNs: 2, healedNs: 5, notes: ['gone', 'back'] },
  ]);
});

test('one that missed has no window, one that stuck and one left open have no end', () => {
  const missed: JournalEntry = { atNs: 2, kind: 'fault-missed', ...about, reason: 'no leader' };
  const stuck: JournalEntry = { atNs: 6, kind: 'fault-stuck', ...about, reason: 'still dropping' };
  expect(faultWindows([intent(1), missed])).toMatchObject([{ state: 'missed', notes: ['no leader'] }]);
  expect(faultWindows([intent(1), landed, stuck])[0]).toMatchObject({ state: 'stuck', landedNs: 2 });
  expect(faultWindows([intent(1), landed])[0]).toMatchObject({ state: 'open' });
  expect(faultWindows([intent(1)])[0]).toMatchObject({ state: 'planned' });
});

test('the same fault tried again is another window', () => {
  expect(faultWindows([intent(1), landed, intent(3)]).map(({ intentNs }) => intentNs)).toEqual([1, 3]);
});

test('victims are named with the role they had', () => {
  expect(victimsInWords({ victims: [3, 1], roles: { 3: 'leader' } })).toBe('zk3 (leader), zk1');
});
