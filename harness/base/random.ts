import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded random numbers. `fork(name)` gives an independent stream, so one more client leaves the fault plan as it was. */
export interface Random {
  readonly seed: number;
  /** Uniform integer, both ends included. */
  int(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  fork(name: string): Random;
}

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const random: Random = {
    seed,
    int: (min, max) => uniformInt(generator, min, max),
    pick(items) {
      const item = items[random.int(0, items.length - 1)];
      if (item === undefined) throw new Error('pick from an empty list');
      return item;
    },
    shuffle(items) {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = random.int(0, i);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
    fork: (name) => randomFrom(hash(`${seed}/${name}`)),
  };
  return random;
}

/** FNV-1a, 32 bit (Fowler, Noll, Vo): spreads names over seeds; not for anything secret. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value ^= text.charCodeAt(i);
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}
