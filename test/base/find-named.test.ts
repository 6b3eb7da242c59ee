import { expect, test } from 'vitest';
import { findNamed } from '../../harness/base/find-named.ts';

const fruit = [{ name: 'apple' }, { name: 'pear' }];

test('what is there is found by its name', () => {
  expect(findNamed(fruit, 'pear', { field: 'use', kind: 'fruit' })).toBe(fruit[1]);
});

test('a name that nothing has is answered with all there are', () => {
  const asked = { field: 'use', kind: 'fruit', orElse: ', or a file' };
  expect(() => findNamed(fruit, 'plum', asked)).toThrow(
    'use "plum": there is no such fruit; use one of apple, pear, or a file',
  );
});

test('an option is named as it stands on the command line', () => {
  expect(() => findNamed(fruit, 'plum', { field: '--fruit', kind: 'fruit' })).toThrow(
    '--fruit plum: there is',
  );
});
