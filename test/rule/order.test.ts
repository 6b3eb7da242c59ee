import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortedBy } from '../../harness/rule/tree/order.ts';

const expected = (keys: readonly number[]) => [...keys.keys()].sort((a, b) => keys[a]! - keys[b]! || a - b);

test('entries come in the order of their keys, equal ones as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 400 }), (keys) => {
      expect([...sortedBy(Float64Array.from(keys), keys.length)]).toEqual(expected(keys));
    }),
  );
});

test('nearly sorted input, as histories are, comes out sorted too', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 100, maxLength: 1000 }), (shifts) => {
      const keys = shifts.map((shift, i) => i + shift);
      expect([...sortedBy(Float64Array.from(keys), keys.length)]).toEqual(expected(keys));
    }),
  );
});

test('only as many entries as asked for are looked at', () => {
  expect([...sortedBy(Float64Array.of(3, 1, 2, 0), 3)]).toEqual([1, 2, 0]);
});
