import { expect, test } from 'vitest';
import { eventOrder } from '../../harness/lin/event-order.ts';
import type { LinHistory } from '../../harness/lin/history.ts';
import { historyOfCalls, type RecordedCall } from '../../harness/lin/linearizable.ts';
import { models } from '../../harness/lin/models.ts';
import { callsOf } from '../../harness/lin/search/calls.ts';
import { searchOnThreads } from '../../harness/lin/search/crew.ts';
import { simulateRegister } from './simulated.ts';

const limits = { threads: 2, memoryBytes: 2 ** 28 };
const soon = () => performance.now() + 30_000;
const callsIn = (history: LinHistory) => callsOf(history, eventOrder(history));

const legal = callsIn(
  simulateRegister({ seed: 1, clients: 10, opsPerClient: 100, values: 4, casPercent: 30 }),
);
const times = { invoked: 0, returned: 1 };
const stale: RecordedCall[] = [
  { f: 'write', input: 1, ...times },
  { f: 'write', input: 2, invoked: 2, returned: 3 },
  { f: 'read', output: 1, invoked: 4, returned: 5 },
];
const illegal = callsIn(historyOfCalls(stale, models.cas));

test('parts on threads: all legal, or the one that is not', async () => {
  const parts = new Map([
    [4, legal],
    [5, legal],
    [6, legal],
  ]);
  expect(await searchOnThreads({ model: 'cas', parts, deadline: soon(), ...limits })).toEqual({
    undecided: [],
    reason: 'memory',
  });
  parts.set(7, illegal);
  expect(await searchOnThreads({ model: 'cas', parts, deadline: soon(), ...limits })).toEqual({
    violation: 7,
  });
});

test('one part is searched by both engines at once', async () => {
  for (const [calls, outcome] of [
    [legal, { undecided: [] }],
    [illegal, { violation: 0 }],
  ] as const) {
    const found = await searchOnThreads({
      model: 'cas',
      parts: new Map([[0, calls]]),
      deadline: soon(),
      ...limits,
    });
    expect(found).toMatchObject(outcome);
  }
});

test('parts that need more memory than there is, or more time, are named', async () => {
  const long = callsIn(
    simulateRegister({ seed: 1, clients: 30, opsPerClient: 2_000, values: 4, casPercent: 30 }),
  );
  const parts = new Map([
    [0, long],
    [1, long],
  ]);
  expect(
    await searchOnThreads({ model: 'cas', parts, threads: 2, memoryBytes: 0, deadline: soon() }),
  ).toMatchObject({
    undecided: expect.arrayContaining([0, 1]),
    reason: 'memory',
  });
  const already = performance.now();
  expect(await searchOnThreads({ model: 'cas', parts, deadline: already, ...limits })).toEqual({
    undecided: [0, 1],
    reason: 'time',
  });
});
