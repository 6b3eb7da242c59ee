import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unmet } from '../../harness/rule/tree/matching.ts';
import { enough } from './enough.ts';

/** Tries every assignment. */
function fewestUnmet(demands: number[][]): number {
  const best = (i: number, taken: ReadonlySet<number>): number => {
    if (i === demands.length) return 0;
    const left = demands[i]!.filter((offer) => !taken.has(offer));
    return Math.min(1 + best(i + 1, taken), ...left.map((offer) => best(i + 1, new Set([...taken, offer]))));
  };
  return best(0, new Set());
}

test('as few demands as possible stay without an offer', () => {
  const demand = fc.uniqueArray(fc.nat(4), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(demand, { maxLength: 6 }), (demands) => {
      const left = unmet(demands, [0, 1, 2, 3, 4], (each, offer) => each.includes(offer));
      expect(left).toHaveLength(fewestUnmet(demands));
    }),
    { numRuns: enough(500) },
  );
});
