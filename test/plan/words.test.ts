import { expect, test } from 'vitest';
import { actInWords, actSchema } from '../../harness/plan/act.ts';
import { expectationInWords, expectationSchema } from '../../harness/plan/expectation.ts';
import { startInWords, startOf, startSchema } from '../../harness/plan/start.ts';

test('what a client does in a step reads as a sentence', () => {
  const act = actSchema.parse({
    name: 'a',
    on: 2,
    do: [{ create: '/x', count: 3 }, { sync: '/x0' }, { check: '/x1' }, { close: true }],
    wait: false,
  });
  expect(actInWords(act)).toBe('a on zk2: create /x 3 times, sync /x0, check /x1, close, without waiting');
  const reads = actSchema.parse({ on: 3, do: [{ getData: '/x' }], readOnly: true });
  expect(actInWords(reads)).toBe('client on zk3 (read-only will do): getData /x');
});

test('what goes in one multi, and what has no path, is said', () => {
  const together = { create: '/x', count: 3, sequential: true, together: true };
  const act = actSchema.parse({ name: 'a', on: 2, do: [together, { setData: '' }] });
  expect(actInWords(act)).toBe('a on zk2: create /x 3 times in one multi, setData without a path');
});

test('a name that leads out of the scenario, and a thing that is two, are refused', () => {
  for (const doing of [
    { create: 'x' },
    { create: '//x' },
    { create: '/x', delete: '/x' },
    { setData: 'x' },
    { setData: '', count: 2 },
    { getData: '' },
    {},
  ])
    expect(actSchema.safeParse({ on: 1, do: [doing] }).success).toBe(false);
});

test('a server is started as it is, or with what is named', () => {
  expect(startOf(startSchema.parse(2))).toEqual({ sid: 2 });
  const other = startSchema.parse({ sid: 2, version: '3.9.5', jvmFlags: ['-Da=b'] });
  expect(startOf(other)).toEqual({ sid: 2, version: '3.9.5', jvmFlags: ['-Da=b'] });
  expect(startInWords(other)).toBe('zk2 on 3.9.5 with -Da=b');
  expect(startInWords({ sid: 1, peers: [1, 2] })).toBe('zk1 with servers 1, 2 in its zoo.cfg');
});

test('one of several may be the leader that is expected', () => {
  expect(expectationInWords(expectationSchema.parse({ leader: [1, 2] }))).toBe('zk1 or zk2 leads');
});
