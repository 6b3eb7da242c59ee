import { expect, test } from 'vitest';
import { distributionOf, strip } from '../../reports/distribution.ts';

test('quantiles are values that occurred', () => {
  expect(distributionOf([3, 1, 2])).toEqual({ n: 3, min: 1, median: 2, p90: 3, max: 3 });
  const ten = Array.from({ length: 10 }, (_, i) => (10 - i) * 100);
  expect(distributionOf(ten)).toEqual({ n: 10, min: 100, median: 500, p90: 900, max: 1000 });
});

test('one value is all of its quantiles, and none have none', () => {
  expect(distributionOf([7])).toEqual({ n: 1, min: 7, median: 7, p90: 7, max: 7 });
  expect(distributionOf([])).toBeUndefined();
});

test('a strip shows how many fell where, and the floor where nothing did', () => {
  expect(strip([0, 5, 5, 10], 10, 10, 2)).toBe('1·|··2···1');
  expect(strip(new Array<number>(12).fill(1), 10, 5)).toBe('9····');
});
