import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../harness/lin/check.ts';
import { outcomeCodes } from '../../harness/lin/history.ts';
import { checkLinearizable, type RecordedCall } from '../../harness/lin/linearizable.ts';
import { byKey, type Call, type Model } from '../../harness/lin/model.ts';
import { casRegister } from '../../harness/lin/models/register.ts';
import { models } from '../../harness/lin/models.ts';
import { simulateRegister } from './simulated.ts';

const call = (
  f: string,
  input: unknown,
  output: unknown,
  invoked: number,
  returned: number,
): RecordedCall => ({
  f,
  input,
  output,
  invoked,
  returned,
});

describe('unknown is neither yes nor no', () => {
  test('nothing to judge', async () => {
    expect(await checkLinearizable([], models.register)).toMatchObject({
      verdict: 'unknown',
      reason: /no call/,
    });
  });

  /** Every enqueue is concurrent with every other and nothing but the dequeues' order is known: as hard as it gets. */
  const hard = (values: number): RecordedCall[] => [
    ...Array.from({ length: values }, (_, n) => call('enqueue', n % 10, null, 0, 100)),
    ...Array.from({ length: values }, (_, n) => call('dequeue', null, (n * 7) % 10, 101 + n, 102 + n)),
    call('dequeue', null, 77, 500, 501),
    call('enqueue', 77, null, 600, 601),
  ];

  test.each([0, 2])('the time was not enough, with %i threads', async (threads) => {
    const verdict = await checkLinearizable(hard(400), models.queue, { timeoutMs: 600, threads });
    expect(verdict).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('time'),
      undecided: [null],
    });
  });

  test('the memory was not enough', async () => {
    const verdict = await checkLinearizable(hard(400), models.queue, {
      memoryBytes: 4 * 2 ** 20,
      threads: 0,
    });
    expect(verdict).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('memory') });
  });
});

test('many parts are judged, and the one without a legal order is named however hard the others are', async () => {
  const calls = Array.from({ length: 50 }, (_, key) => [
    { ...call('write', 1, null, 0, 10), key },
    { ...call('write', 2, null, 0, 10), key },
    { ...call('write', 1, null, 0, 10), key },
    { ...call('read', null, key === 33 ? 3 : 2, 20, 30), key },
  ]).flat();
  const verdict = await checkLinearizable(calls, models.cas);
  expect(verdict).toMatchObject({ verdict: 'violation', parts: 50, part: 33, calls: 200 });
});

test('unique values are decided without any search', async () => {
  const history = simulateRegister({ seed: 2, clients: 20, opsPerClient: 1_000, values: 0, casPercent: 20 });
  const swaps = [...history.outcome].filter((outcome) => outcome === outcomeCodes.fail).length;
  expect(swaps).toBe(0);
  expect(await checkHistory(history, casRegister, { memoryBytes: 0 })).toMatchObject({
    verdict: 'ok',
    calls: 20_000,
  });
});

describe('a model of your own', () => {
  /** Counts up: `add n` returns the sum behind it. */
  const counter: Model<number> = {
    init: () => 0,
    step: (sum, { input, output, outcome }: Call) => {
      const after = sum + (input as number);
      return outcome === 'unknown' || output === after ? after : undefined;
    },
    key: (sum) => sum,
    partition: byKey,
  };

  test('is judged by its four functions', async () => {
    const good = [call('add', 2, 2, 0, 10), call('add', 3, 5, 5, 20), call('add', 1, 6, 30, 40)];
    expect(await checkLinearizable(good, counter)).toMatchObject({ verdict: 'ok' });
    const bad = [call('add', 2, 2, 0, 10), call('add', 3, 3, 15, 20)];
    const verdict = await checkLinearizable(bad, counter);
    expect(verdict).toMatchObject({
      verdict: 'violation',
      counterexample: { calls: [{ index: 0 }, { index: 1 }] },
    });
  });

  test('a call without an answer may have taken effect at any time, or never', async () => {
    const unknown = { f: 'add', input: 5, outcome: 'unknown', invoked: 0 } as const;
    for (const [first, second] of [
      [1, 7],
      [6, 7],
      [1, 2],
    ] as const) {
      const calls = [unknown, call('add', 1, first, 10, 20), call('add', 1, second, 30, 40)];
      expect(await checkLinearizable(calls, counter)).toMatchObject({ verdict: 'ok' });
    }
  });
});

test.each([
  [{ f: 'swim', invoked: 1, returned: 2 }, /no operation "swim"/],
  [{ f: 'read', invoked: 2, returned: 1 }, /returned at 1, before 2/],
  [{ f: 'read', invoked: 2 }, /no time of return/],
  [{ f: 'write', invoked: Number.NaN, returned: 1 }, /at no time/],
  [{ f: 'write', invoked: 1, returned: 2, outcome: 'unknown' }, /no answer, but a time/],
] as [RecordedCall, RegExp][])('%j is refused', (wrong, says) => {
  expect(() => checkLinearizable([wrong], models.register)).toThrow(says);
});
