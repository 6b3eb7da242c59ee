import { expect, test } from 'vitest';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Ledger } from '../../harness/ledger/ledger.ts';
import type { Finding } from '../../harness/rule/verdict.ts';
import { logWindowsOf } from '../../reports/log-windows.ts';
import { anyWrite } from '../replay/ops.ts';

const origin = { monotonicNs: '0', wallMs: Date.parse('2026-01-01T00:00:00Z') };
const line = (seconds: string, text: string, { level = 'INFO', logger = 'QuorumPeer' } = {}) =>
  `2026-01-01 00:00:${seconds} [myid:1] - ${level} [main:${logger}@1] - ${text}\n`;
const ledgerWith = (...establishedMs: number[]): Ledger => ({
  reigns: establishedMs.map((ms, i) => ({
    ...{ epoch: i + 1, leader: 1, establishedNs: ms * 1e6, supporters: [] },
  })),
  ...{ elections: [], spans: [], understood: {}, alarms: [] },
});
const lost: Finding = {
  ...{ rule: 'durability', severity: 'violation', title: 'lost', words: '', servers: [], zxids: [] },
  ...{ atNs: 5e9, ops: [0], core: { ops: [0, 1], of: 2 } },
};
const history = historyOf([anyWrite(5e9), anyWrite(50e9)]);

function windows(logs: Record<number, string>, ledger = ledgerWith(1000, 20_000)) {
  const given = new Map(Object.entries(logs).map(([sid, text]) => [Number(sid), text]));
  return logWindowsOf([lost], { logs: given, origin, journal: [], ledger, history }).get(lost)!;
}

test('servers are shown together where it began, at leaders after that, and where it was seen', () => {
  const shown = windows({
    1: line('04,500', 'LOOKING') + line('20,100', 'LEADING') + line('30,000', 'nobody asks'),
    2: line('04,400', 'LOOKING') + line('49,900', 'gone', { level: 'WARN', logger: 'Other' }),
  });
  expect(shown.map(({ what, lines }) => [what, lines.map(({ sid, text }) => `${sid} ${text}`)])).toEqual([
    ['the first operation of the finding', ['2 QuorumPeer: LOOKING', '1 QuorumPeer: LOOKING']],
    ['a leader in epoch 2', ['1 QuorumPeer: LEADING']],
    ['it was seen', ['2 WARN Other: gone']],
  ]);
});

test('votes and talk of connections are left out, warnings never', () => {
  const logs =
    line('05,000', 'Notification: my state', { logger: 'FastLeaderElection' }) +
    line('05,000', 'Accepted socket connection', { logger: 'NIOServerCnxnFactory' }) +
    line('05,000', 'Cannot open channel', { level: 'WARN', logger: 'QuorumCnxManager' });
  expect(windows({ 1: logs }).flatMap(({ lines }) => lines.map(({ text }) => text))).toEqual([
    'WARN QuorumCnxManager: Cannot open channel',
  ]);
});

test('of a server that talks a lot the nearest lines are shown, and the rest is counted', () => {
  const logs = Array.from({ length: 40 }, (_, i) => line(`04,${500 + i}`, `line ${i}`)).join('');
  const [window] = windows({ 1: logs });
  expect(window!.lines.map(({ text }) => text)).toContain('QuorumPeer: line 39');
  expect(window!.lines.length + window!.left).toBe(40);
  expect(window!.left).toBeGreaterThan(20);
});

test('moments close to each other share a window', () => {
  const shown = windows({ 1: line('05,000', 'LOOKING') }, ledgerWith(5500, 6500));
  expect(shown[0]!.what).toBe('the first operation of the finding; a leader in epoch 1; a leader in epoch 2');
});
