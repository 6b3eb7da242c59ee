import { expect, test } from 'vitest';
import { mostReturned, sizeOf } from '../../harness/cli/shrink-words.ts';
import { defineSuite } from '../../harness/scenario/define.ts';

const kind = (rule: string, what = 'wrong') => ({ rule, what });

test('the rule that returned most often is looked for, and of two the clearer one', () => {
  const kinds = [kind('progress'), kind('durability', 'a'), kind('durability', 'b')];
  const [progress, a, b] = kinds;
  expect(mostReturned(kinds, [[progress!], [progress!, a!], [b!]])).toEqual({ kinds: [a, b], hits: 2 });
  expect(mostReturned(kinds, [[progress!], [progress!, a!]])).toEqual({ kinds: [progress], hits: 2 });
  expect(mostReturned(kinds, [[], []]).hits).toBe(0);
});

test('the size of a scenario is what a reader counts', () => {
  const [crowd, script] = defineSuite({
    name: 'test',
    scenarios: [
      { name: 'a', topology: { observers: 1 }, steps: [{ faults: [{ fault: 'kill', target: [1] }] }] },
      {
        name: 'b',
        workload: { use: 'scripted' },
        steps: [{ client: { on: 1, do: [{ create: '/x' }, { sync: '/x' }] } }, {}],
      },
    ],
  }).scenarios;
  expect(sizeOf(crowd!)).toBe('4 servers, 1 step, 1 fault, 9 clients of mixed');
  expect(sizeOf(script!)).toBe('3 servers, 2 steps, 0 faults, 2 operations');
});
