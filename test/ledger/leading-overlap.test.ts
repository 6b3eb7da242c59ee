import { describe, expect, test } from 'vitest';
import { leadingOverlaps } from '../../harness/ledger/leading-overlap.ts';
import { reconstruct } from '../../harness/ledger/reconstruct.ts';
import { logOf, origin, recorded, recordings } from './recorded.ts';

test.each(recordings)(
  'a leader that was paused on %s still led, in its own log, beside the next one',
  (name) => {
    const recording = recorded(name);
    const [overlap, ...more] = leadingOverlaps(reconstruct(recording));
    expect(more).toEqual([]);
    expect(overlap?.leaders.map(({ sid, epoch }) => [sid, epoch])).toEqual([
      [2, 2],
      [3, 3],
    ]);
    const resumed = recording.journal.find((entry) => entry.kind === 'note' && entry.text === 'SIGCONT to 2');
    expect(overlap!.toNs).toBeGreaterThan(resumed!.atNs);
  },
);

describe('planted', () => {
  const quorum =
    'Have quorum of supporters, sids: [[1, 2]]; starting up and setting last processed zxid: 0x200000000';
  const overlaps = (endOfFirst: [number, string, string]) => {
    const first = logOf(1, [
      [10, 'QuorumPeer', 'LEADING'],
      [20, 'Leader', quorum],
      endOfFirst,
      [90, 'QuorumPeer', 'LOOKING'],
    ]);
    const second = logOf(2, [
      [50, 'QuorumPeer', 'LEADING'],
      [99, 'QuorumPeer', 'LOOKING'],
    ]);
    const logs = new Map([
      [1, first],
      [2, second],
    ]);
    return leadingOverlaps(reconstruct({ logs, origin, journal: [], samples: [] }));
  };

  test('two servers that both say LEADING overlap until the first shuts down as leader', () => {
    expect(overlaps([80, 'Leader', 'Shutdown called. For the reason Forcing shutdown'])).toEqual([
      { fromNs: 50e6, toNs: 80e6, leaders: [{ sid: 1, epoch: 2, establishedNs: 20e6 }, { sid: 2 }] },
    ]);
  });

  test('a leader that shut down before the other began does not overlap, even before it says LOOKING', () => {
    expect(overlaps([40, 'Leader', 'Shutdown called. For the reason Forcing shutdown'])).toEqual([]);
  });
});
