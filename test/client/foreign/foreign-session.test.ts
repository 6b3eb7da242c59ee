import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clockSince, takeOrigin } from '../../../harness/base/clock.ts';
import { waitFor } from '../../../harness/base/wait.ts';
import { ForeignSession } from '../../../harness/client/foreign/foreign-session.ts';
import type { ClientNote } from '../../../harness/client/foreign/note.ts';
import type { Op } from '../../../harness/history/op.ts';
import { type FakeServerOptions, startFakeServer, writeStat } from '../../support/fake-server.ts';

/** A server that says yes to everything, in the order it is asked; `-11` is closeSession. */
const obliging: FakeServerOptions = {
  welcome: 4000,
  answerPings: true,
  onRequest(client, { xid, opcode, body }) {
    const path = opcode === -11 ? '' : body.text();
    client.reply(xid, 7, 0, (writer) => {
      if (opcode === 1) writer.bytes(path);
      if (opcode === 4) writer.bytes('value');
      if ([3, 4, 5].includes(opcode)) writeStat(writer);
    });
    if (opcode === -11) {
      // From now on it does not know the session any more.
      server.options = { ...obliging, welcome: 0 };
      client.socket.end();
    }
  },
};
let server: Awaited<ReturnType<typeof startFakeServer>>;

const evil = (name: string) => fileURLToPath(new URL(`./evil/${name}.ts`, import.meta.url));

/** What twenty calls of a client leave behind: four bursts, then the end. */
async function records(client: string): Promise<{ ops: Op[]; notes: ClientNote[]; outcomes: string[] }> {
  server = await startFakeServer(obliging);
  await using _ = server;
  const ops: Op[] = [];
  const notes: ClientNote[] = [];
  const session = new ForeignSession({
    ...{ client, name: 'c0', session: 1, timeoutMs: 4000, deadlineMs: 300, settleMs: 300 },
    endpoints: [server.endpoint],
    recorder: {
      clock: clockSince(takeOrigin()),
      sink: { append: (op) => void ops.push({ ...op }) },
      phase: 'workload',
    },
    notes: (note) => void notes.push(note),
  });
  await session.open();
  await waitFor({ what: 'the client to connect', deadlineMs: 20_000 }, () => session.connected || undefined);
  const outcomes: string[] = [];
  for (let burst = 0; burst < 4; burst++) {
    const returned = await Promise.all(Array.from({ length: 5 }, () => session.setData('/r', 'x')));
    outcomes.push(...returned.map(({ outcome }) => outcome));
  }
  expect(await session.end()).toBe(undefined);
  return { ops, notes, outcomes };
}

const kindsOf = (notes: readonly ClientNote[]) => notes.map(({ note }) => note);
/** Places of the calls in the order they were called back. */
function callbacks(ops: readonly Op[]): number[] {
  const times = ops.filter(({ kind }) => kind === 'setData').map(({ invokedNs }) => invokedNs);
  const inTurn = times.toSorted((a, b) => a - b);
  return times.map((each) => inTurn.indexOf(each) + 1);
}
const inTurn = Array.from({ length: 20 }, (_, i) => i + 1);

test.each(['zookeeper', 'node-zookeeper-client'])(
  '%s: every call has its row, with its Stat',
  async (client) => {
    const { ops, notes, outcomes } = await records(client);
    expect(kindsOf(notes)).toEqual(['opened', 'connected', 'ended', 'presented']);
    expect(notes.at(-1)).toMatchObject({ alive: false, server: 1 });
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
    expect(callbacks(ops)).toEqual(inTurn);
    const row = ops.find(({ kind }) => kind === 'setData')!;
    expect(row).toMatchObject({
      outcome: 'ok',
      server: 0,
      xid: 0,
      zxid: 0,
      path: '/r',
      value: 'x',
      version: -1,
    });
    // As the server wrote it.
    expect(row.stat).toEqual({
      ...{ czxid: 11, mzxid: 12, ctimeMs: 1_700_000_000_000, mtimeMs: 1_700_000_000_001, pzxid: 13 },
      ...{ version: 3, cversion: 4, aversion: 5, ephemeralOwner: '0', dataLength: 2, numChildren: 0 },
    });
    expect(ops.find(({ kind }) => kind === 'connect')).toMatchObject({
      outcome: 'ok',
      version: 4000,
      value: 'c0',
    });
  },
);

test('a callback that is dropped: the caller goes on, the row is unknown, and the note says it', async () => {
  const { ops, notes, outcomes } = await records(evil('drop'));
  expect(kindsOf(notes)).toEqual(['opened', 'connected', 'unanswered', 'ended', 'presented']);
  expect(outcomes[11]).toBe('unknown');
  const lost = ops.find(({ outcome, kind }) => outcome === 'unknown' && kind === 'setData')!;
  expect(notes[2]).toMatchObject({ calledNs: lost.invokedNs, kind: 'setData', waitedMs: 300 });
  expect(callbacks(ops).at(-1)).toBe(12);
});

test('two callbacks that are exchanged stand exchanged in the history', async () => {
  const { ops } = await records(evil('swap'));
  expect(callbacks(ops)).toEqual(inTurn.with(11, 13).with(12, 12));
});

test('a second callback for a call is noted and makes no second row', async () => {
  const { ops, notes } = await records(evil('twice'));
  expect(kindsOf(notes)).toContain('again');
  expect(callbacks(ops)).toEqual(inTurn);
});

test('an end that did not happen: the server still knows the session, and it is closed there', async () => {
  const { ops, notes } = await records(evil('false-end'));
  expect(notes.filter(({ note }) => note === 'ended')).toMatchObject([{ how: 'expired', asked: false }]);
  expect(notes.at(-1)).toMatchObject({ note: 'presented', alive: true, server: 1 });
  expect(ops.at(-1)).toMatchObject({ kind: 'close', outcome: 'ok', session: 1, zxid: 7 });
});

test('a crash ends its process only, and what was on the way is unknown', async () => {
  const { notes, outcomes } = await records(evil('crash'));
  expect(notes.find(({ note }) => note === 'crashed')).toMatchObject({ how: 'exit code 1: Error: planted' });
  expect(outcomes.slice(11, 15)).toEqual(Array.from({ length: 4 }, () => 'unknown'));
});

test('a library that is not there is named with its reason', async () => {
  const session = new ForeignSession({
    ...{ client: evil('nowhere'), name: 'c0', session: 1, timeoutMs: 4000, deadlineMs: 300, endpoints: [] },
    recorder: { clock: clockSince(takeOrigin()), sink: { append: () => undefined }, phase: 'workload' },
    notes: () => undefined,
  });
  await expect(session.open()).rejects.toThrow(/nowhere.ts": Cannot find module/);
});
