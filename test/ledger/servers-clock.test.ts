import { expect, test } from 'vitest';
import { originOnServers } from '../../harness/ledger/servers-clock.ts';

const origin = { monotonicNs: '0', wallMs: 1_000_000 };
const ahead = (aheadMs: number) =>
  [{ atNs: 0, kind: 'clock-ahead', aheadMs, withinMs: 5 }] as const satisfies object[];

test('servers whose clock was not asked for share ours', () => {
  expect(originOnServers(origin, [])).toBe(origin);
});

test('a difference counts when it is larger than its error', () => {
  expect(originOnServers(origin, ahead(5))).toBe(origin);
  expect(originOnServers(origin, ahead(-6)).wallMs).toBe(999_994);
  expect(originOnServers(origin, ahead(90_000)).wallMs).toBe(1_090_000);
});
