import { expect, test } from 'vitest';
import { parseTopology } from '../../harness/topology/notation.ts';

test('voters stand first, observers behind a plus', () => {
  expect(parseTopology('3')).toEqual({ voters: 3, observers: 0 });
  expect(parseTopology('3+2')).toEqual({ voters: 3, observers: 2 });
});

test.each(['', 'three', '3+', '+2', '3+2+1', '10', '3-2'])('"%s" is no topology', (word) => {
  expect(() => parseTopology(word)).toThrow(/topology ".*": no such thing; write voters/);
});
