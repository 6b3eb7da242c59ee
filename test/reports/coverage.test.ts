import { expect, test } from 'vitest';
import type { Coverage } from '../../harness/nightly/coverage.ts';
import { coverageInWords, coverageReport } from '../../reports/coverage.ts';

const cell = (
  fault: string,
  role: string,
  phase: Coverage[number]['phase'],
  workload: string,
  times: number,
) => ({
  ...{ fault, role, phase, version: '3.9.5', workload, times },
});
const nights = ['2026-11-20T02:17:00.000Z'];
const cells = [
  cell('kill', 'leader', 'broadcast', 'mixed', 4),
  cell('pause', 'follower', 'broadcast', 'locks', 1),
];
const tonight = [
  cell('kill', 'leader', 'broadcast', 'mixed', 2),
  cell('kill', 'leader', 'election', 'mixed', 1),
];
const report = coverageReport({ before: { format: 1, nights, cells }, tonight });

test('each cell tells how often something was seen tonight, and in all nights with it', () => {
  const [faults, , releases] = report.tables;
  expect(faults!.columns).toEqual(['election', 'discovery', 'synchronization', 'broadcast']);
  const none = { tonight: 0, ever: 0 };
  expect(faults!.rows).toEqual([
    { name: 'kill leader', cells: [{ tonight: 1, ever: 1 }, none, none, { tonight: 2, ever: 6 }] },
    { name: 'pause follower', cells: [none, none, none, { tonight: 0, ever: 1 }] },
  ]);
  expect(releases).toMatchObject({ columns: ['locks', 'mixed'], rows: [{ name: '3.9.5' }] });
});

test('what is new is told in words', () => {
  expect(coverageInWords(report)).toMatch(
    /^2 kinds of faults were seen \(.*\), 1 for the first time; 3 in 2 nights$/,
  );
});
