import { expect, test } from 'vitest';
import { contradictionIn, type StoredState, storedStateSchema } from '../../harness/topology/stored-state.ts';

const states = (...all: unknown[]) =>
  new Map(all.map((each, i): [number, StoredState] => [i + 1, storedStateSchema.parse(each)]));

test('servers may be behind each other, and differ in an epoch that never became one', () => {
  expect(contradictionIn(states({ log: [[1, 8]] }, { log: [[1, 7]] }, {}))).toBeUndefined();
  expect(
    contradictionIn(
      states(
        {
          log: [
            [1, 5],
            [2, 1],
          ],
        },
        { log: [[1, 5000]] },
      ),
    ),
  ).toBeUndefined();
  expect(contradictionIn(states({ log: [[1, 8]], currentEpoch: 2, acceptedEpoch: 4 }))).toBeUndefined();
});

test.each([
  [[{ log: [[2, 1], [1, 1]] }], /epochs of server 1 do not grow/], // biome-ignore format: one row, one state
  [[{ log: [[3, 1]], currentEpoch: 2 }], /transactions of epoch 3 and a currentEpoch of 2/],
  [[{ log: [[3, 1]], acceptedEpoch: 2 }], /acceptedEpoch of server 1 is below/],
  [[{ log: [[1, 5], [2, 1]] }, { log: [[1, 6], [2, 1]] }], /servers 1 and 2 both have epoch 2, but not the same/], // biome-ignore format: one row, one state
])('%j cannot have come about', (all, why) => {
  expect(contradictionIn(states(...all))).toMatch(why);
});
