import { describe, expect, test } from 'vitest';
import type { Election } from '../../harness/ledger/ledger.ts';
import { added } from '../../harness/nightly/coverage.ts';
import { coverageIn } from '../../harness/nightly/seen.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';

const s = 1e9;
const roles = { zk1: 'follower', zk2: 'leader', zk3: 'follower' };
const topology = {
  nodes: [1, 2, 3].map((sid) => ({
    ...{ sid, kind: 'voter' as const, version: sid === 3 ? '3.8.6' : '3.9.5', weight: 1, jvmFlags: [] },
    group: undefined,
  })),
};

function fault(atNs: number, victims: number[], landed = true): JournalEntry[] {
  const about = { step: atNs / s, fault: 'kill', victims };
  const call = { fault: 'kill', target: victims, params: {} };
  return [
    { atNs, kind: 'fault-intent', ...about, call, roles, deadlineNs: 60 * s },
    landed
      ? { atNs: atNs + 1, kind: 'fault-landed', ...about, proof: [] }
      : { atNs: atNs + 1, kind: 'fault-missed', ...about, reason: 'it did not end' },
  ];
}

const election: Election = {
  ...{ startedNs: 20 * s, endedNs: 30 * s, participants: [1, 3], votes: [], syncs: [] },
  phases: [
    { sid: 1, phase: 'election', atNs: 20 * s },
    { sid: 1, phase: 'discovery', atNs: 24 * s },
    { sid: 3, phase: 'synchronization', atNs: 26 * s },
  ],
};

const seen = (journal: JournalEntry[], elections: Election[] = [election]) =>
  coverageIn({ journal, ledger: { elections }, topology, workload: 'mixed' });

describe('coverage is what was seen', () => {
  test('a cell for each server that was hit, in its role, with its own release', () => {
    expect(seen(fault(10 * s, [2, 3]))).toEqual([
      { fault: 'kill', role: 'follower', phase: 'broadcast', version: '3.8.6', workload: 'mixed', times: 1 },
      { fault: 'kill', role: 'leader', phase: 'broadcast', version: '3.9.5', workload: 'mixed', times: 1 },
    ]);
  });

  test.each([
    [22, 'election'],
    [25, 'discovery'],
    [27, 'synchronization'],
    [31, 'broadcast'],
  ])('at %i s the phase is %s', (second, phase) => {
    expect(seen(fault(second * s, [1]))).toMatchObject([{ phase }]);
  });

  test('servers that log no phases are in an election until it is won', () => {
    const { phases: _, ...silent } = election;
    expect(seen(fault(27 * s, [1]), [silent])).toMatchObject([{ phase: 'election' }]);
  });

  test('a fault that missed was not seen, however it was planned', () => {
    expect(seen(fault(10 * s, [2], false))).toEqual([]);
  });

  test('adding counts what both have', () => {
    const one = seen(fault(10 * s, [2]));
    expect(added(one, one)).toEqual([{ ...one[0], times: 2 }]);
  });
});
