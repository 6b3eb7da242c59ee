import { expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import { openAcl } from '../../harness/client/acl.ts';
import { errors } from '../../harness/client/errors.ts';
import { RecordedSession, type Recorder } from '../../harness/client/recorded-session.ts';
import { textOf } from '../../harness/client/recorded-text.ts';
import { opcodes } from '../../harness/client/requests.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import { anyVersion, flagBits, type Op } from '../../harness/history/op.ts';
import { rolesOf, write } from '../../harness/rule/tree/roles.ts';
import {
  eventFrame,
  type FakeServerOptions,
  fakeSessionId,
  startFakeServer,
  writeStat,
} from '../support/fake-server.ts';

/** A clock that ticks once a reading, so that every order in time shows. */
function recording() {
  const ops: Op[] = [];
  let now = 0;
  const clock = { nowNs: () => ++now, sleep: () => Promise.reject(new Error('nobody sleeps here')) };
  const recorder: Recorder = { clock, sink: { append: (op) => ops.push(op) }, phase: 'workload' };
  return { ops, recorder };
}

function recorded(recorder: Recorder, deadlineMs = 5000): RecordedSession {
  return new RecordedSession({ name: 'client 1', session: 7, recorder, timeoutMs: 10_000, deadlineMs });
}

const answering: FakeServerOptions = {
  onRequest: (client, { xid, opcode }) =>
    client.reply(xid, 100 + xid, 0, (writer) => {
      if (opcode === opcodes.create) writer.bytes('/a0000000001');
      if (opcode === opcodes.getData) writer.bytes('value');
      if (opcode === opcodes.getChildren2) writer.vector(['b', 'a'], (name) => writer.bytes(name));
      if ([opcodes.getData, opcodes.getChildren2, opcodes.setData].some((known) => known === opcode))
        writeStat(writer);
    }),
};

test('every operation is one row, in the order of its return, with its own times', async () => {
  await using server = await startFakeServer(answering, 3);
  const { ops, recorder } = recording();
  const session = recorded(recorder);
  await session.open(server.endpoint);
  await Promise.all([
    session.create('/a', 'data', { mode: 3 }),
    session.getData('/a', true),
    session.getChildren('/'),
  ]);
  recorder.phase = 'final';
  await session.setData('/a', 'other', 2);
  await session.close();
  expect(ops.map(({ kind, phase }) => `${kind} ${phase}`)).toEqual([
    'connect workload',
    'create workload',
    'getData workload',
    'getChildren workload',
    'setData final',
    'close final',
  ]);
  for (const op of ops) {
    expect(op).toMatchObject({ session: 7, server: 3, outcome: 'ok', error: 0 });
    expect(op.invokedNs).toBeLessThan(op.returnedNs);
  }
  expect(ops[1]!.returnedNs).toBeLessThanOrEqual(ops[2]!.returnedNs);
  expect(ops[2]!.invokedNs).toBeLessThan(ops[1]!.returnedNs);
  expect(ops[0]).toMatchObject({
    value: 'client 1',
    result: fakeSessionId,
    version: 10_000,
    xid: 0,
    zxid: 0,
  });
  expect(ops[1]).toMatchObject({
    xid: 1,
    zxid: 101,
    path: '/a',
    value: 'data',
    flags: 3,
    result: '/a0000000001',
  });
  expect(ops[2]).toMatchObject({ xid: 2, zxid: 102, value: 'value', flags: flagBits.watch, version: -1 });
  expect(ops[2]!.stat).toMatchObject({ czxid: 11, mzxid: 12, version: 3, pzxid: 13 });
  expect(ops[3]).toMatchObject({ result: '["a","b"]', value: null });
  expect(ops[4]).toMatchObject({ value: 'other', version: 2, stat: { version: 3 } });
});

test('requests written together share a time; one never sent has the moment of its failure', async () => {
  await using server = await startFakeServer(answering);
  const { ops, recorder } = recording();
  const session = recorded(recorder);
  await session.open(server.endpoint);
  const before = recorder.clock.nowNs();
  await Promise.all([session.getData('/a'), session.getData('/b'), session.setData('/a', 'x')]);
  const [, first, second, third] = ops;
  expect(first!.invokedNs).toBe(before + 1);
  expect([second!.invokedNs, third!.invokedNs]).toEqual([first!.invokedNs, first!.invokedNs]);
  const after = recorder.clock.nowNs();
  session.destroySocket();
  await session.getData('/a');
  expect(ops[4]).toMatchObject({ outcome: 'notSent', invokedNs: ops[4]!.returnedNs });
  expect(ops[4]!.invokedNs).toBeGreaterThan(after);
});

test('what a workload gets back is what it needs to go on', async () => {
  await using server = await startFakeServer(answering);
  const session = recorded(recording().recorder);
  await session.open(server.endpoint);
  const nothing = { value: null, stat: null, name: null, children: null, acls: null, parts: null };
  expect(await session.create('/a', null)).toEqual({
    ...nothing,
    outcome: 'ok',
    error: 0,
    zxid: 101,
    name: '/a0000000001',
  });
  expect(await session.getChildren('/')).toMatchObject({ children: ['a', 'b'], stat: { version: 3 } });
  session.destroySocket();
  expect(await session.getData('/a')).toEqual({ ...nothing, outcome: 'notSent', error: -4, zxid: 0 });
});

test('a failed multi is a fail with the error of the part that failed', async () => {
  await using server = await startFakeServer({
    onRequest: (client, { xid }) =>
      client.reply(xid, 50, 0, (writer) => {
        for (const code of [0, -110, -2]) {
          writer.int(-1);
          writer.bool(false);
          writer.int(code);
          writer.int(code);
        }
        writer.int(-1);
        writer.bool(true);
        writer.int(-1);
      }),
  });
  const { ops, recorder } = recording();
  const session = recorded(recorder);
  await session.open(server.endpoint);
  const returned = await session.multi([
    { kind: 'check', path: '/a', version: 1 },
    { kind: 'create', path: '/b', data: 'x', acls: openAcl, mode: 0, ttlMs: 0, stat: false },
    { kind: 'delete', path: '/c', version: -1 },
  ]);
  expect(returned).toMatchObject({ outcome: 'fail', error: -110, zxid: 50 });
  expect(returned.parts).toHaveLength(3);
  expect(ops[1]).toMatchObject({ kind: 'multi', outcome: 'fail', error: -110, zxid: 50 });
  expect(JSON.parse(ops[1]!.value!)).toEqual([
    { kind: 'check', path: '/a', version: 1 },
    { kind: 'create', path: '/b', value: 'x', mode: 0 },
    { kind: 'delete', path: '/c', version: -1 },
  ]);
  expect(JSON.parse(ops[1]!.result!)).toEqual([0, -110, -2].map((error) => ({ kind: 'error', error })));
  session.destroySocket();
});

test('an event is a row of its own, before the row of the reply that follows it', async () => {
  await using server = await startFakeServer({
    onRequest: (client, { xid }) => {
      client.socket.write(eventFrame(3, '/a', 55));
      client.reply(xid, 55);
    },
  });
  const { ops, recorder } = recording();
  const session = recorded(recorder);
  await session.open(server.endpoint);
  await session.delete('/a');
  expect(ops.map(({ kind }) => kind)).toEqual(['connect', 'event', 'delete']);
  expect(ops[1]).toMatchObject({
    value: 'NodeDataChanged',
    path: '/a',
    zxid: 55,
    outcome: 'ok',
    server: 1,
    xid: 0,
  });
  session.destroySocket();
});

test('unknown, not sent and expired are told apart', async () => {
  await using server = await startFakeServer({});
  const { ops, recorder } = recording();
  const session = recorded(recorder);
  await session.open(server.endpoint);
  const written = session.delete('/written');
  await waitFor({ what: 'the request', deadlineMs: 1000 }, () => server.clients[0]!.requests[0]);
  const queued = session.delete('/queued');
  session.destroySocket();
  await Promise.all([written, queued]);
  server.options = { welcome: 0 };
  expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'fail', error: -112 });
  expect(
    ops.slice(1).map(({ kind, outcome, error, server: sid }) => ({ kind, outcome, error, sid })),
  ).toEqual([
    { kind: 'delete', outcome: 'unknown', error: -4, sid: 1 },
    { kind: 'delete', outcome: 'notSent', error: -4, sid: 0 },
    { kind: 'connect', outcome: 'fail', error: -112, sid: 1 },
    { kind: 'expired', outcome: 'ok', error: 0, sid: 1 },
  ]);
});

test('data that is no text is stored as its bytes, so that damage never looks like a value', () => {
  expect(textOf('plain')).toBe('plain');
  expect(textOf(null)).toBeNull();
  expect(textOf(Buffer.from('wörld'))).toBe('wörld');
  expect(textOf(Buffer.from('\ufffd'))).toBe('\ufffd');
  expect(textOf(Uint8Array.of(0x61, 0xff))).toBe('bytes:61ff');
});

test('a check of its own is sent as one, and is a row that changes nothing', async () => {
  const asked: number[] = [];
  const refusing: FakeServerOptions = {
    onRequest: (client, { xid, opcode }) => {
      asked.push(opcode);
      client.reply(xid, 100 + xid, errors.UNIMPLEMENTED.code);
    },
  };
  await using server = await startFakeServer(refusing, 3);
  const { ops, recorder } = recording();
  const session = recorded(recorder);
  await session.open(server.endpoint);
  await session.check('/a');
  expect(asked).toEqual([opcodes.check]);
  expect(ops.at(-1)).toMatchObject({
    ...{ kind: 'check', path: '/a', version: anyVersion, outcome: 'fail' },
    error: errors.UNIMPLEMENTED.code,
  });
  const roles = rolesOf(historyOf(ops));
  expect(roles.at(-1)).toBeLessThan(write);
  session.destroySocket();
});
