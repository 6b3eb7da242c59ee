import { expect, test } from 'vitest';
import { checkLinearizable, type RecordedCall } from '../../harness/lin/linearizable.ts';
import { models } from '../../harness/lin/models.ts';

/** One call a letter pair of times, in words: `write 1 @ 0-10`; no end means no answer. */
function calls(...words: string[]): RecordedCall[] {
  return words.map((text) => {
    const [, f, rest, from, to] = /^(\w+) ?(.*) @ (\d+)-(\d*)$/.exec(text)!;
    const value = rest === '' ? null : JSON.parse(rest!);
    const gives = ['read', 'dequeue'].includes(f!);
    const times =
      to === ''
        ? { outcome: 'unknown' as const, invoked: Number(from) }
        : { invoked: Number(from), returned: Number(to) };
    return gives
      ? { f: f!, output: to === '' ? undefined : value, ...times }
      : { f: f!, input: value, ...times };
  });
}

const planted: {
  what: string;
  model: keyof typeof models;
  history: RecordedCall[];
  says: RegExp;
  named: number[];
}[] = [
  {
    what: 'a read of what nobody wrote',
    model: 'register',
    history: calls('write 1 @ 0-10', 'read 7 @ 20-30', 'read 1 @ 40-50'),
    says: /read -> 7 .* saw what no call had written/,
    named: [1],
  },
  {
    what: 'a read of what was written later',
    model: 'register',
    history: calls('write 1 @ 0-10', 'read 2 @ 20-30', 'write 2 @ 40-50', 'read 2 @ 60-70'),
    says: /read -> 2 .* took effect after write 2/,
    named: [1, 2],
  },
  {
    what: 'a stale read',
    model: 'register',
    history: calls('write 1 @ 0-10', 'write 2 @ 20-30', 'write 3 @ 22-80', 'read 1 @ 40-50'),
    says: /about one value/,
    named: [0, 1, 3],
  },
  {
    what: 'a stale read behind a long chain of compare-and-set',
    model: 'cas',
    history: calls(
      'write 1 @ 0-10',
      ...Array.from({ length: 39 }, (_, n) => `cas [${n + 1},${n + 2}] @ ${20 + n * 10}-${25 + n * 10}`),
      'read 40 @ 1000-1010',
      'read 20 @ 1020-1030',
    ),
    says: /took effect after read -> 20/,
    // The two reads and the swaps that tie their values together.
    named: [...Array.from({ length: 21 }, (_, n) => n + 19), 40, 41],
  },
  {
    what: 'two swaps of one value',
    model: 'cas',
    history: calls('write 1 @ 0-10', 'cas [1,2] @ 20-30', 'cas [1,3] @ 20-30', 'read 3 @ 40-50'),
    says: /both took the same value/,
    named: [0, 1, 2],
  },
  {
    what: 'swaps without answer in a circle, of which one was seen',
    model: 'cas',
    history: calls('cas [2,1] @ 0-', 'cas [1,2] @ 2-', 'read 2 @ 3-4', 'read null @ 5-6'),
    says: /none can have been the first/,
    named: [0, 1, 2],
  },
  {
    what: 'a write without answer that took effect and was taken back',
    model: 'register',
    history: calls('write 1 @ 0-10', 'write 2 @ 20-', 'read 2 @ 30-40', 'read 1 @ 50-60'),
    says: /about one value/,
    named: [0, 1, 2, 3],
  },
  {
    what: 'an element lost from a set',
    model: 'set',
    history: calls('add 1 @ 0-10', 'add 2 @ 0-10', 'read [1,2] @ 20-30', 'read [2] @ 40-50'),
    says: /took effect after read -> \[2\]/,
    named: [0, 2, 3],
  },
  {
    what: 'reads of a set that lack each other',
    model: 'set',
    history: calls('add 1 @ 0-99', 'add 2 @ 0-99', 'read [1] @ 20-30', 'read [2] @ 40-50'),
    says: /each lack something/,
    named: [0, 1, 2, 3],
  },
  {
    what: 'an element dequeued twice',
    model: 'queue',
    history: calls('enqueue 1 @ 0-10', 'enqueue 2 @ 0-10', 'dequeue 1 @ 20-30', 'dequeue 1 @ 40-50'),
    says: /both took the same value/,
    named: [0, 2, 3],
  },
  {
    what: 'an element that overtook another',
    model: 'queue',
    history: calls('enqueue 1 @ 0-10', 'enqueue 2 @ 20-30', 'dequeue 2 @ 40-50', 'dequeue 1 @ 60-70'),
    says: /out of the queue before anybody began to take the other/,
    named: [0, 1, 2, 3],
  },
  {
    what: 'a queue found empty while elements passed through it',
    model: 'queue',
    history: calls(
      'enqueue 1 @ 0-10',
      'dequeue null @ 20-80',
      'enqueue 2 @ 30-40',
      'dequeue 1 @ 50-60',
      'dequeue 2 @ 90-99',
    ),
    says: /found the queue empty/,
    named: [0, 1, 2, 3, 4],
  },
  {
    what: 'a lock held twice',
    model: 'mutex',
    history: calls(
      'acquire @ 0-10',
      'release @ 20-30',
      'acquire @ 40-50',
      'acquire @ 60-70',
      'release @ 80-90',
    ),
    says: /no order of these calls is legal/i,
    named: [0, 1, 2, 3],
  },
  {
    what: 'a failed swap that should have worked',
    model: 'cas',
    history: [
      ...calls('write 1 @ 0-10', 'write 2 @ 20-30', 'read 2 @ 40-50'),
      { f: 'cas', input: [2, 3], outcome: 'fail', invoked: 60, returned: 70 },
    ],
    says: /whatever the state was/,
    named: [2, 3],
  },
];

test.each(planted)('$what is named by few calls and a reason', async ({ model, history, says, named }) => {
  const verdict = await checkLinearizable(history, models[model]);
  if (verdict.verdict !== 'violation') expect.fail(`the verdict is ${verdict.verdict}`);
  const { why, calls: shown } = verdict.counterexample!;
  expect(why).toMatch(says);
  expect(shown.map(({ index }) => index)).toEqual(named);
});
