import { expect, test } from 'vitest';
import { readAssets } from '../../../reports/html/assets.ts';
import { renderHtml } from '../../../reports/html/page.ts';
import { reportOfScenarios } from '../sample-report.ts';
import { leaderKill } from '../sample-run.ts';

test('the election table tells votes in turn, phases, the gap in writes and who led at once', () => {
  const sample = leaderKill(400);
  const ledger = sample.ledger!;
  ledger.elections[1] = {
    ...ledger.elections[1]!,
    ballots: [
      {
        sid: 1,
        fromNs: 20.1e9,
        brought: { peerEpoch: 1, zxid: '0x1000020c3' },
        cast: [
          { atNs: 20.1e9, leader: 1, zxid: '0x1000020c3', peerEpoch: 1, round: 2 },
          { atNs: 20.2e9, leader: 2, zxid: '0x1000020c4', peerEpoch: 1, round: 2 },
        ],
      },
    ],
    writes: { lastAckNs: 20e9, firstAckNs: 20.95e9 },
  };
  ledger.spans.push({ sid: 1, state: 'LEADING', fromNs: 30e9, toNs: 30.25e9 });
  const page = renderHtml(reportOfScenarios([sample]), new Map(), readAssets());
  const words = page.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '');
  expect(words).toContain('zk1: zk1 (0x1000020c3, 1, round 2) → zk2 (0x1000020c4, 1)');
  expect(words).toContain('950 ms');
  expect(words).toContain('both called themselves LEADING for 250 ms');
});
