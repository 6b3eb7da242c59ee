import { expect, test } from 'vitest';
import { porcupineLines } from '../../harness/export/porcupine.ts';
import type { Call, Touch } from '../../harness/export/registers.ts';

test('one operation a line; without an answer it has no return and its client number goes to nobody else', () => {
  const call = (invokedNs: number, outcome: Call['outcome'], touch: Partial<Touch>): Call => ({
    outcome,
    error: 0,
    invokedNs,
    returnedNs: invokedNs + 5,
    touches: [{ key: '/a', f: 'write', value: null, expected: null, ...touch }],
  });
  const lines = porcupineLines([
    call(30, 'ok', { f: 'cas', value: 'y', expected: 'x' }),
    call(10, 'unknown', { value: 'x' }),
    call(20, 'ok', { f: 'read', value: null }),
    call(40, 'fail', { value: 'z' }),
  ]);
  expect([...lines].map((line) => JSON.parse(line))).toEqual([
    { client: 0, f: 'write', key: '/a', value: 'x', call: 10 },
    { client: 1, f: 'read', key: '/a', value: null, call: 20, return: 25 },
    { client: 1, f: 'cas', key: '/a', value: 'y', expected: 'x', call: 30, return: 35 },
  ]);
});
