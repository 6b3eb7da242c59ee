import { expect, test } from 'vitest';
import { isQuorum } from '../../harness/topology/quorum.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { TopologyInput } from '../../harness/topology/topology.ts';

const quorum = (input: TopologyInput, sids: number[]) =>
  isQuorum(resolveTopology(input, '3.9.5'), new Set(sids));

test('more than half of the voters are a quorum, half are not', () => {
  expect(quorum({ voters: 4 }, [1, 2])).toBe(false);
  expect(quorum({ voters: 4 }, [1, 2, 3])).toBe(true);
  expect(quorum({ voters: 5 }, [1, 2, 3])).toBe(true);
});

test('observers never count', () => {
  expect(quorum({ voters: 3, observers: 2 }, [1, 4, 5])).toBe(false);
});

test('with groups it takes more than half the weight in more than half of the groups that have any', () => {
  const nine = {
    voters: 9,
    nodes: Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [String(i + 1), { group: Math.floor(i / 3) + 1 }]),
    ),
  };
  expect(quorum(nine, [1, 2, 4, 5])).toBe(true);
  expect(quorum(nine, [1, 2, 3, 4, 7])).toBe(false);
});
