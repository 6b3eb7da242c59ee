import { expect, test } from 'vitest';
import type { Reign } from '../../harness/ledger/ledger.ts';
import { triggerOf } from '../../harness/ledger/trigger.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';

const reign = (endedNs: number | undefined, endedBecause = ''): Reign => ({
  epoch: 1,
  leader: 3,
  establishedNs: 1,
  supporters: [2, 3],
  ...(endedNs !== undefined && { endedNs, endedBecause }),
});
const intent = (atNs: number, fault: string, victims: number[], step = 0): JournalEntry => ({
  atNs,
  kind: 'fault-intent',
  step,
  fault,
  victims,
  call: { fault, target: victims, params: {} },
  roles: {},
  deadlineNs: atNs + 1e12,
});
const healing = (atNs: number, fault: string, victims: number[], step = 0): JournalEntry => ({
  atNs,
  kind: 'fault-healing',
  step,
  fault,
  victims,
});
const exit = (atNs: number, asked: boolean, signal: string | null = 'SIGKILL'): JournalEntry => ({
  atNs,
  kind: 'server-exit',
  sid: 3,
  code: null,
  signal,
  asked,
});

test('an ensemble without a leader before just started', () => {
  expect(triggerOf(undefined, 5e9, [])).toEqual({ kind: 'start' });
});

test('a fault on the leader is named, although one on a follower is open, too', () => {
  const journal = [intent(1e9, 'kill', [3]), intent(2e9, 'pause', [1], 1), exit(3e9, true)];
  expect(triggerOf(reign(3e9), 3.1e9, journal)).toEqual({ kind: 'kill', step: 0, victims: [3], atNs: 1e9 });
});

test('a fault that hit followers alone is named when the leader had to give up', () => {
  const journal = [intent(1e9, 'kill', [1, 2])];
  expect(triggerOf(reign(2e9, 'Not sufficient followers synced'), 2e9, journal)).toMatchObject({
    kind: 'kill',
    victims: [1, 2],
  });
});

test('a leader that is cut off still leads when the others elect', () => {
  const journal = [intent(1e9, 'isolate', [3]), healing(9e9, 'isolate', [3])];
  expect(triggerOf(reign(4e9, 'Not sufficient followers synced'), 3e9, journal).kind).toBe('isolate');
});

test('an election while a fault is being ended is the heal’s', () => {
  const journal = [intent(1e9, 'isolate', [1]), healing(9e9, 'isolate', [1])];
  expect(triggerOf(reign(undefined), 10e9, journal)).toEqual({
    kind: 'heal',
    step: 0,
    victims: [1],
    atNs: 9e9,
  });
});

test('a leader that ended by itself crashed', () => {
  expect(triggerOf(reign(3e9), 3e9, [exit(3e9, false)]).kind).toBe('crash');
});

test('the end of all servers is told by the phase it fell into', () => {
  const journal: JournalEntry[] = [{ atNs: 1e9, kind: 'phase', phase: 'power-off' }, exit(3e9, true)];
  expect(triggerOf(reign(3e9), 2.9e9, journal).kind).toBe('power-off');
});

test('a leader that gave up without any fault lost its quorum', () => {
  const given = triggerOf(reign(3e9, 'Not sufficient followers synced, only synced with'), 3e9, []);
  expect(given).toEqual({ kind: 'lost-quorum' });
  expect(triggerOf(reign(3e9, 'Only 1 followers, need 1'), 3e9, []).kind).toBe('lost-quorum');
});

test('nothing known is said to be nothing known', () => {
  expect(triggerOf(reign(3e9, 'Unexpected internal error'), 3e9, [])).toEqual({ kind: 'unknown' });
});
