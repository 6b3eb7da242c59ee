import { expect, test } from 'vitest';
import { judgeTries } from '../../harness/replay/sequential-test.ts';

const always = { hits: 3, tries: 3 };

test('where the start always hit, two hits keep a candidate and two misses drop it', () => {
  expect(judgeTries({ hits: 1, tries: 1 }, always)).toBe('undecided');
  expect(judgeTries({ hits: 2, tries: 2 }, always)).toBe('as often');
  expect(judgeTries({ hits: 0, tries: 1 }, always)).toBe('undecided');
  expect(judgeTries({ hits: 0, tries: 2 }, always)).toBe('seldom');
});

test('where the start hit now and then, misses say less', () => {
  const seldom = { hits: 3, tries: 10 };
  expect(judgeTries({ hits: 0, tries: 3 }, seldom)).toBe('undecided');
  expect(judgeTries({ hits: 0, tries: 10 }, seldom)).toBe('seldom');
  expect(judgeTries({ hits: 2, tries: 2 }, seldom)).toBe('as often');
});
