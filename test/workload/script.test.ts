import { expect, test } from 'vitest';
import type { RecordedSession } from '../../harness/client/recorded-session.ts';
import { type Act, actSchema } from '../../harness/plan/act.ts';
import { Script } from '../../harness/workload/script.ts';

const endpoint = { sid: 1, host: '127.0.0.1', port: 2181 };

/** What a session with server 1 is asked for, in order. */
async function asked(doings: readonly object[]): Promise<unknown[][]> {
  const calls: unknown[][] = [];
  const called =
    (kind: string) =>
    (...args: unknown[]) =>
      Promise.resolve({ name: null, asked: calls.push([kind, ...args]) });
  const session = {
    state: { kind: 'connected', endpoint },
    ...Object.fromEntries(
      ['create', 'setData', 'multi', 'check', 'close'].map((kind) => [kind, called(kind)]),
    ),
  } as unknown as RecordedSession;
  const act: Act = actSchema.parse({ on: 1, do: doings });
  await new Script([endpoint], '/root', () => session).act(act);
  return calls;
}

test('nodes made together are the parts of one multi, below the root', async () => {
  const [[kind, parts] = [], ...others] = await asked([
    { create: '/n', count: 2, pathBytes: 9, sequential: true, together: true, data: 'A' },
  ]);
  expect([kind, others]).toEqual(['multi', []]);
  expect(parts).toMatchObject([
    { kind: 'create', path: '/root/n00', data: 'A', mode: 2 },
    { kind: 'create', path: '/root/n01', data: 'A', mode: 2 },
  ]);
});

test('each kind of node is asked for as what it is', async () => {
  const kinds = [{}, { ephemeral: true }, { sequential: true }, { ephemeral: true, sequential: true }];
  const calls = await asked(kinds.map((kind) => ({ create: '/n', ...kind })));
  expect(calls.map(([, path, , options]) => [path, options])).toEqual(
    [0, 1, 2, 3].map((mode) => ['/root/n', { mode }]),
  );
});

test('what has no path is sent without one', async () => {
  expect(await asked([{ setData: '', data: 'A' }, { setData: '/n' }])).toEqual([
    ['setData', '', 'A'],
    ['setData', '/root/n', '', undefined],
  ]);
});
