import { expect, test } from 'vitest';
import { clip, duration, plural, seconds, size } from '../../reports/format.ts';

test.each([
  [0.12, '0.12 ms'],
  [0.999, '1 ms'],
  [12.4, '12 ms'],
  [999.7, '1.0 s'],
  [1449, '1.4 s'],
  [59_990, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_599_900, '1 h 0 min'],
  [3_780_000, '1 h 3 min'],
])('%s ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [512, '512 B'],
  [1536, '1.5 KiB'],
  [1024 * 1024, '1.0 MiB'],
  [1024 * 1024 - 1, '1.0 MiB'],
])('%s bytes are %s', (bytes, words) => {
  expect(size(bytes)).toBe(words);
});

test('small words', () => {
  expect(plural(1, 'entry', 'entries')).toBe('1 entry');
  expect(plural(1204, 'entry', 'entries')).toBe('1,204 entries');
  expect(seconds(3.5e9)).toBe('3.500 s');
  expect(clip('abcdef', 4)).toBe('abc…');
});
