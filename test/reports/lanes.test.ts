import { expect, test } from 'vitest';
import { lanesOf } from '../../reports/lanes.ts';

const span = { sid: 1, state: 'LEADING' as const, fromNs: 10, toNs: 20 };
const sample = (atNs: number, role: 'leader' | 'electing' | 'silent') => ({ atNs, sid: 1, role });

test('a server whose log was understood shows its log', () => {
  expect(lanesOf([1], [span], [sample(0, 'silent')], 30)).toEqual([
    { sid: 1, source: 'server log', spans: [{ state: 'LEADING', fromNs: 10, toNs: 20 }] },
  ]);
});

test('else equal samples join to spans, the last up to the end', () => {
  const samples = [sample(0, 'electing'), sample(5, 'electing'), sample(10, 'leader'), sample(15, 'leader')];
  expect(lanesOf([1], [], samples, 30)[0]).toEqual({
    sid: 1,
    source: 'samples',
    spans: [
      { state: 'LOOKING', fromNs: 0, toNs: 10 },
      { state: 'LEADING', fromNs: 10, toNs: 30 },
    ],
  });
});

test('a server of which nothing is known still has a lane', () => {
  expect(lanesOf([2], [span], [], 30)).toEqual([{ sid: 2, source: 'nothing', spans: [] }]);
});
