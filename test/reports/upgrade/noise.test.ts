import { expect, test } from 'vitest';
import { randomFrom } from '../../../harness/base/random.ts';
import { compare, middle } from '../../../reports/upgrade/noise.ts';

test.each([
  { before: [100, 110], after: [105, 112], verdict: 'same', what: 'repetitions that overlap' },
  { before: [100, 110], after: [115, 118], verdict: 'same', what: 'a gap smaller than the noise' },
  { before: [100, 110], after: [130, 135], verdict: 'more', what: 'a gap beyond the noise' },
  { before: [130, 135], after: [100, 110], verdict: 'less', what: 'a gap beyond the noise downwards' },
  { before: [100, 100], after: [100, 100], verdict: 'same', what: 'no difference at all' },
  { before: [100], after: [900, 901], verdict: 'untold', what: 'one try alone, which has no spread' },
  { before: [100, 101], after: [], verdict: 'untold', what: 'nothing measured' },
] as const)('$what: $verdict', ({ before, after, verdict }) => {
  expect(compare(before, after).verdict).toBe(verdict);
});

test('one wild repetition is noise, not a difference', () => {
  expect(compare([100, 104], [130, 2000]).verdict).toBe('same');
});

test('what varies beside them is noise, too', () => {
  expect(compare([100, 110], [130, 135]).verdict).toBe('more');
  expect(compare([100, 110], [130, 135], [[100, 300]]).verdict).toBe('same');
  expect(compare([100, 110], [130, 135], [[]]).verdict).toBe('more');
});

test('two tries of one and the same thing are rarely called different', () => {
  const random = randomFrom(7);
  const draw = () => random.int(200, 600);
  const wrong = Array.from({ length: 2000 }, () => compare([draw(), draw()], [draw(), draw()])).filter(
    ({ verdict }) => verdict !== 'same',
  );
  // By chance alone two pairs are apart a third of the time; the gap that is asked for leaves a sixth.
  expect(wrong.length / 2000).toBeLessThan(0.2);
});

test('the middle of an even number of values lies between the two in the middle', () => {
  expect(middle([4, 1, 3, 2])).toBe(2.5);
  expect(middle([3, 1, 2])).toBe(2);
  expect(middle([])).toBeUndefined();
});
