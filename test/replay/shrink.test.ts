import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { chunksOf } from '../../harness/replay/reduce/steps.ts';
import { type Search, shrink, type Tried } from '../../harness/replay/shrink.ts';

/** A scenario is letters; its finding needs some of them, in this order. */
const fewerLetters = (text: string) =>
  chunksOf(text.length).map(({ from, count }) => ({
    without: text.slice(from, from + count),
    scenario: text.slice(0, from) + text.slice(from + count),
  }));

const needs = (letters: string) => (text: string) => [...letters].every((letter) => text.includes(letter));

function searching(tryIt: (text: string) => Tried, more: Partial<Search<string>> = {}): Search<string> {
  return {
    families: [fewerLetters],
    keyOf: (text) => text,
    tryIt: async (text) => tryIt(text),
    goOn: () => true,
    triesMax: 8,
    ...more,
  };
}

const always = { hits: 3, tries: 3 };
const alphabet = 'abcdefghijklmnopqrstuvwxyz';

test('everything that is not needed is taken away', async () => {
  const red = needs('cmx');
  const { scenario, minimal, tries } = await shrink(
    alphabet,
    always,
    searching((text) => (red(text) ? 'hit' : 'miss')),
  );
  expect(scenario).toBe('cmx');
  expect(minimal).toBe(true);
  expect(tries).toBeLessThan(120);
});

test('what hits only now and then is still brought down to what it needs, nearly always', async () => {
  const red = needs('bq');
  let right = 0;
  for (let seed = 0; seed < 100; seed++) {
    const random = randomFrom(seed);
    const flaky = (text: string): Tried => (red(text) && random.int(1, 10) <= 7 ? 'hit' : 'miss');
    const { scenario } = await shrink(alphabet, { hits: 7, tries: 10 }, searching(flaky));
    // Never too small: what lacks a letter never hits.
    expect(red(scenario)).toBe(true);
    if (scenario.length <= 4) right++;
  }
  expect(right).toBeGreaterThan(85);
});

test('a smaller scenario that hits far more seldom is not taken', async () => {
  let kept = 0;
  for (let seed = 0; seed < 200; seed++) {
    const random = randomFrom(seed);
    // Without "z" one try in ten hits still.
    const floor = (text: string): Tried =>
      needs('a')(text) && (text.includes('z') || random.int(1, 10) === 1) ? 'hit' : 'miss';
    const { scenario } = await shrink('az', { hits: 9, tries: 10 }, searching(floor));
    if (scenario === 'az') kept++;
  }
  expect(kept).toBeGreaterThan(180);
});

test('nothing is tried twice, and what cannot be run costs no try', async () => {
  const seen: string[] = [];
  const { tries } = await shrink(
    'abcd',
    always,
    searching((text) => {
      seen.push(text);
      return text.includes('b') ? (needs('ab')(text) ? 'hit' : 'miss') : 'refused';
    }),
  );
  const refused = seen.filter((text) => !text.includes('b'));
  expect(new Set(refused).size).toBe(refused.length);
  expect(tries).toBe(seen.length - refused.length);
  const most = Math.max(...[...new Set(seen)].map((text) => seen.filter((each) => each === text).length));
  expect(most).toBeLessThanOrEqual(2);
});

test('out of budget it ends with the smallest so far, and says that more may go', async () => {
  let left = 5;
  const red = needs('x');
  const { scenario, minimal, tries, rate } = await shrink(
    alphabet,
    always,
    searching(
      (text) => {
        left--;
        return red(text) ? 'hit' : 'miss';
      },
      { goOn: () => left > 0 },
    ),
  );
  expect(tries).toBe(5);
  expect(minimal).toBe(false);
  expect(scenario.length).toBeLessThan(alphabet.length);
  expect(red(scenario)).toBe(true);
  expect(rate).toEqual({ hits: 2, tries: 2 });
});

test('a finding that needs all of it leaves all of it', async () => {
  const { scenario, removed, rate } = await shrink(
    'abc',
    always,
    searching((text) => (text === 'abc' ? 'hit' : 'miss')),
  );
  expect({ scenario, removed, rate }).toEqual({ scenario: 'abc', removed: [], rate: { hits: 0, tries: 0 } });
});
