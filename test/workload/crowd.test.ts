import { expect, test } from 'vitest';
import type { Recorder } from '../../harness/client/recorded-session.ts';
import { actSchema } from '../../harness/plan/act.ts';
import type { Endpoint } from '../../harness/topology/endpoint.ts';
import { Crowd } from '../../harness/workload/crowd.ts';
import { startFakeServer } from '../support/fake-server.ts';

const crowdAt = (endpoints: Endpoint[], recorder: Recorder) =>
  new Crowd(
    {
      origin: { monotonicNs: '0', wallMs: 0 },
      seed: 1,
      endpoints,
      root: '/gauntlet',
      historyPath: '',
      notesPath: '',
      workload: { use: 'mixed', sessionTimeoutMs: 2000 },
    },
    recorder,
    () => undefined,
  );

/** How long a crowd without clients waits, 10 s after the start, until the sessions of its clients are over. */
async function waitedMs(expired: number, lastConnectMs: number): Promise<number> {
  let slept = 0;
  const clock = {
    nowNs: () => 10_000 * 1e6,
    sleep: async (ms: number) => {
      slept += ms;
    },
  };
  const recorder: Recorder = { clock, sink: { append: () => undefined }, phase: 'workload' };
  const crowd = crowdAt([], recorder);
  expect(await crowd.quiesce({ expired, lastConnectNs: lastConnectMs * 1e6 })).toBeUndefined();
  return slept;
}

test('a session that was told to have expired may live on for twice its timeout after the last connect of any client', async () => {
  expect(await waitedMs(1, 9000)).toBe(3000);
  expect(await waitedMs(1, 5000)).toBe(0);
});

test('when no session has expired and all were closed, nobody waits', async () => {
  expect(await waitedMs(0, 9999)).toBe(0);
});

test('only a client that a step calls read-only tells servers that read-only mode will do', async () => {
  await using server = await startFakeServer({
    onRequest: (client, { xid }) => client.reply(xid, 1),
  });
  const clock = { nowNs: () => 0, sleep: async () => undefined };
  const recorder: Recorder = { clock, sink: { append: () => undefined }, phase: 'workload' };
  const crowd = crowdAt([server.endpoint], recorder);
  for (const readOnly of [true, false]) {
    const act = { name: `${readOnly}`, on: server.endpoint.sid, do: [{ close: true }], readOnly };
    expect(await crowd.act(actSchema.parse(act))).toBeUndefined();
  }
  expect(server.clients.map(({ hello }) => hello.readOnly)).toEqual([true, false]);
  await crowd.cut();
});
