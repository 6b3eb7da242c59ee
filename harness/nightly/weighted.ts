import type { Random } from '../base/random.ts';

/** One of several, each as likely as its share of the sum of all. */
export function weighted<T>(random: Random, choices: readonly (readonly [share: number, what: T])[]): T {
  let left = random.int(
    1,
    choices.reduce((sum, [share]) => sum + share, 0),
  );
  for (const [share, what] of choices) {
    left -= share;
    if (left <= 0) return what;
  }
  throw new Error('a draw beyond the sum of all shares');
}

/** True in so many of a hundred draws. */
export const chance = (random: Random, percent: number) => random.int(1, 100) <= percent;
