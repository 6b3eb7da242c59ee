import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';

const draws = (random: ReturnType<typeof randomFrom>) =>
  Array.from({ length: 20 }, () => random.int(0, 1000));

test('one seed gives one row of numbers', () => {
  expect(draws(randomFrom(42))).toEqual(draws(randomFrom(42)));
  expect(draws(randomFrom(42))).not.toEqual(draws(randomFrom(43)));
});

test('a fork does not depend on what was drawn before', () => {
  const used = randomFrom(42);
  draws(used);
  expect(draws(used.fork('clients'))).toEqual(draws(randomFrom(42).fork('clients')));
  expect(draws(used.fork('clients'))).not.toEqual(draws(used.fork('faults')));
});

test('both ends of a range are drawn', () => {
  const random = randomFrom(1);
  expect(new Set(Array.from({ length: 100 }, () => random.int(0, 2)))).toEqual(new Set([0, 1, 2]));
});

test('a shuffle keeps every item and leaves the list alone', () => {
  const items = [1, 2, 3, 4, 5, 6];
  const shuffled = randomFrom(3).shuffle(items);
  expect([...shuffled].sort()).toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6]);
});
