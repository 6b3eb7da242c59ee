import { createServer, Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import type { CloseReason } from '../../harness/client/close-reason.ts';
import { opcodes } from '../../harness/client/requests.ts';
import { Session, type SessionOptions } from '../../harness/client/session.ts';
import {
  eventFrame,
  type FakeServer,
  type FakeServerOptions,
  fakeSessionId,
  frameOf,
  startFakeServer,
  welcomeFrame,
  writeStat,
} from '../support/fake-server.ts';

/** Answers everything with an empty body and rising zxids. */
const agreeable: FakeServerOptions = {
  onRequest: (client, { xid }) => client.reply(xid, client.requests.length),
};

async function opened(server: FakeServer, options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = new Session({ timeoutMs: 10_000, ...options });
  expect(await session.open(server.endpoint)).toMatchObject({ outcome: 'ok', sid: server.endpoint.sid });
  return session;
}

const remove = (path: string) => ({ kind: 'delete', path, version: -1 }) as const;

test('a session takes id, password and timeout from the server, and always says readOnly', async () => {
  await using server = await startFakeServer({ welcome: 6000 });
  const session = await opened(server, { timeoutMs: 99_000 });
  expect(session).toMatchObject({ id: fakeSessionId, timeoutMs: 6000, state: { kind: 'connected' } });
  const { hello } = server.clients[0]!;
  expect(hello).toEqual({ lastZxidSeen: 0, timeoutMs: 99_000, sessionId: '0', readOnly: false });
  session.destroySocket();
});

test('all requests of a turn go out in one write, also those of continuations, and their answers find them in order', async () => {
  await using server = await startFakeServer(agreeable);
  const session = await opened(server);
  const write = vi.spyOn(Socket.prototype, 'write');
  const loops = Array.from({ length: 200 }, async (_, i) => {
    for (let hops = 0; hops < i % 7; hops++) await undefined;
    return await session.request(remove(`/n${i}`));
  });
  const answers = await Promise.all(loops);
  expect(answers.map(({ xid }) => xid).sort((a, b) => a - b)).toEqual(answers.map((_, i) => i + 1));
  const paths = new Map(server.clients[0]!.requests.map(({ xid, body }) => [xid, body.ustring()]));
  expect(answers.map(({ xid }) => paths.get(xid))).toEqual(answers.map((_, i) => `/n${i}`));
  expect(answers.every(({ outcome }) => outcome === 'ok')).toBe(true);
  const ours = write.mock.contexts.filter((socket) => (socket as Socket).remotePort === server.endpoint.port);
  expect(ours).toHaveLength(1);
  write.mockRestore();
  session.destroySocket();
});

test('a refused connection is not sent, an unanswered one is unknown', async () => {
  await using server = await startFakeServer({ welcome: 'close' });
  expect(await new Session({ timeoutMs: 4000 }).open(server.endpoint)).toEqual({
    outcome: 'unknown',
    error: -4,
    sid: 1,
    reason: { kind: 'ended' },
  });
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  expect(await new Session({ timeoutMs: 4000 }).open({ host: '127.0.0.1', port, sid: 2 })).toEqual({
    outcome: 'notSent',
    error: -4,
    sid: 0,
    reason: { kind: 'refused', detail: 'ECONNREFUSED' },
  });
});

test('a server that accepts and says nothing is given up after connectMs', async () => {
  await using server = await startFakeServer({ welcome: 'silence' });
  const session = new Session({ timeoutMs: 4000, connectMs: 60 });
  expect(await session.open(server.endpoint)).toMatchObject({
    outcome: 'unknown',
    reason: { kind: 'handshakeTimeout', waitedMs: 60 },
  });
  expect(session.state.kind).toBe('disconnected');
});

test('a session the server does not know is expired, for good', async () => {
  await using server = await startFakeServer(agreeable);
  let expired = 0;
  const session = await opened(server, { listener: { expired: () => expired++ } });
  server.options = { welcome: 0 };
  expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'fail', error: -112 });
  expect(session.state).toEqual({ kind: 'expired' });
  expect(expired).toBe(1);
  expect(await session.request(remove('/a'))).toMatchObject({ outcome: 'notSent', error: -112 });
  expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'notSent', error: -112 });
});

test('an operation past its deadline is unknown, the session goes on, and its late reply is dropped', async () => {
  await using server = await startFakeServer({});
  const session = await opened(server, { deadlineMs: 40 });
  const slow = { outcome: 'unknown', error: -7, zxid: 0, xid: 1, sid: 1, body: null };
  expect(await session.request(remove('/slow'))).toMatchObject(slow);
  session.deadlineMs = 5000;
  const next = session.request(remove('/next'));
  const [client] = server.clients;
  await waitFor(
    { what: 'both requests', deadlineMs: 1000 },
    () => client!.requests.length === 2 || undefined,
  );
  client!.reply(1, 50);
  client!.reply(2, 51);
  expect(await next).toMatchObject({ outcome: 'ok', zxid: 51, xid: 2 });
  expect(session).toMatchObject({ lateReplies: 1, lastZxidSeen: 51, state: { kind: 'connected' } });
  session.destroySocket();
});

test('what was written when the connection goes is unknown, what was not is not sent', async () => {
  await using server = await startFakeServer({});
  const reasons: CloseReason[] = [];
  const session = await opened(server, { listener: { disconnected: (reason) => reasons.push(reason) } });
  const written = session.request(remove('/written'));
  await waitFor({ what: 'the request', deadlineMs: 1000 }, () => server.clients[0]!.requests[0]);
  const queued = session.request(remove('/queued'));
  session.destroySocket();
  expect(await written).toMatchObject({ outcome: 'unknown', error: -4, xid: 1, sid: 1 });
  const neverSent = { outcome: 'notSent', error: -4, zxid: 0, xid: 0, sid: 0, body: null };
  expect(await queued).toMatchObject(neverSent);
  expect(await session.request(remove('/after'))).toMatchObject({ outcome: 'notSent', error: -4 });
  expect(reasons).toEqual([{ kind: 'destroyed' }]);
  expect(server.clients[0]!.requests).toHaveLength(1);
});

test('a server that closes leaves its session disconnected with everything in flight unknown', async () => {
  await using server = await startFakeServer({ onRequest: (client) => client.socket.end() });
  const session = await opened(server);
  const answers = await Promise.all([session.request(remove('/a')), session.request(remove('/b'))]);
  expect(answers).toMatchObject([
    { outcome: 'unknown', error: -4 },
    { outcome: 'unknown', error: -4 },
  ]);
  expect(session.state).toEqual({ kind: 'disconnected', reason: { kind: 'ended' } });
});

test('a connection is pinged every third of its timeout and lives on pings alone', async () => {
  // So long that a busy machine does not look like a silent server: that is taken for dead after a second.
  await using server = await startFakeServer({ welcome: 1500 });
  const session = await opened(server);
  const [client] = server.clients;
  await waitFor({ what: 'four pings', deadlineMs: 5000 }, () => client!.requests.length >= 4 || undefined);
  expect(client!.requests.every(({ xid, opcode }) => xid === -2 && opcode === opcodes.ping)).toBe(true);
  expect(session.state.kind).toBe('connected');
  session.destroySocket();
});

test('a silent server is dead after two thirds of the timeout', async () => {
  await using server = await startFakeServer({ welcome: 300, answerPings: false });
  const reasons: CloseReason[] = [];
  const session = await opened(server, { listener: { disconnected: (reason) => reasons.push(reason) } });
  const answer = await session.request(remove('/a'));
  expect(answer).toMatchObject({ outcome: 'unknown', error: -4 });
  expect(reasons[0]).toMatchObject({ kind: 'silent' });
  expect((reasons[0] as { silentMs: number }).silentMs).toBeGreaterThanOrEqual(200);
});

test('lastZxidSeen rises with every reply, also of failures, never with events or pings, and goes to the next server', async () => {
  await using first = await startFakeServer({
    onRequest: (client, { xid }) => {
      client.socket.write(eventFrame(3, '/a', 999));
      client.reply(xid, xid === 1 ? 70 : 60, xid === 1 ? -101 : 0);
      client.reply(-2, 1000);
    },
  });
  await using second = await startFakeServer({}, 2);
  const session = await opened(first);
  expect(await session.request(remove('/a'))).toMatchObject({ outcome: 'fail', error: -101, zxid: 70 });
  expect(await session.request(remove('/b'))).toMatchObject({ outcome: 'ok', zxid: 60 });
  expect(session.lastZxidSeen).toBe(70);
  await session.moveTo(second.endpoint);
  expect(second.clients[0]!.hello).toMatchObject({ lastZxidSeen: 70, sessionId: fakeSessionId });
  session.destroySocket();
});

test('a move sets auth and the watches that have not fired again, before anything else', async () => {
  const sees = (body: (xid: number) => number): FakeServerOptions => ({
    onRequest: (client, { xid, opcode }) =>
      client.reply(xid, 5, body(xid), (writer) => {
        if (opcode === opcodes.getData) writer.bytes('v');
        if (opcode === opcodes.addWatch) writer.int(0);
        else if (opcode === opcodes.getChildren2) writer.int(0);
        if (opcode === opcodes.getData || opcode === opcodes.getChildren2 || opcode === opcodes.exists) {
          writeStat(writer);
        }
      }),
  });
  await using first = await startFakeServer(sees((xid) => (xid === 2 ? -101 : 0)));
  await using second = await startFakeServer(
    sees(() => 0),
    2,
  );
  const events: string[] = [];
  const session = await opened(first, {
    listener: { watchEvent: ({ type, path }) => events.push(`${type} ${path}`) },
  });
  await session.request({ kind: 'getData', path: '/data', watch: true });
  expect(await session.request({ kind: 'exists', path: '/absent', watch: true })).toMatchObject({
    error: -101,
  });
  await session.request({ kind: 'getChildren', path: '/parent', watch: true });
  await session.request({ kind: 'getData', path: '/fired', watch: true });
  await session.request({ kind: 'getData', path: '/unwatched', watch: false });
  await session.addAuth('digest', 'user:secret');
  first.clients[0]!.socket.write(eventFrame(3, '/fired'));
  await waitFor({ what: 'the event', deadlineMs: 1000 }, () => events[0]);
  await session.moveTo(second.endpoint);
  await session.request(remove('/x'));
  const [auth, watches, other] = second.clients[0]!.requests;
  expect([auth!.xid, auth!.opcode]).toEqual([-4, opcodes.auth]);
  expect([watches!.xid, watches!.opcode]).toEqual([-8, opcodes.setWatches]);
  expect(watches!.body.long()).toBe(5);
  const list = () => watches!.body.vector(4, () => watches!.body.text());
  expect([list(), list(), list()]).toEqual([['/data'], ['/absent'], ['/parent']]);
  watches!.body.expectEnd();
  expect(other!.opcode).toBe(opcodes.delete);

  await session.request({ kind: 'addWatch', path: '/all', mode: 'persistentRecursive' });
  await session.moveTo(second.endpoint);
  await session.request(remove('/x'));
  expect(second.clients[1]!.requests.map(({ opcode }) => opcode)).toEqual([
    opcodes.auth,
    opcodes.setWatches2,
    opcodes.delete,
  ]);
  session.destroySocket();
});

test('refused credentials are not presented again', async () => {
  await using server = await startFakeServer({
    onRequest: (client, { xid }) => {
      client.reply(xid, 0, xid === -4 ? -115 : 0);
    },
  });
  const session = await opened(server);
  expect(await session.addAuth('digest', 'wrong')).toMatchObject({ outcome: 'fail', error: -115 });
  await session.moveTo(server.endpoint);
  await session.request(remove('/x'));
  expect(server.clients[1]!.requests.map(({ opcode }) => opcode)).toEqual([opcodes.delete]);
  session.destroySocket();
});

test('closing sends closeSession and ends for good; without an answer the session may live on', async () => {
  await using server = await startFakeServer(agreeable);
  const session = await opened(server);
  expect(await session.close()).toMatchObject({ outcome: 'ok', zxid: 1 });
  expect(session.state).toEqual({ kind: 'closed' });
  expect(server.clients[0]!.requests[0]!.opcode).toBe(opcodes.closeSession);

  server.options = {};
  const unanswered = await opened(server, { deadlineMs: 30 });
  expect(await unanswered.close()).toMatchObject({ outcome: 'unknown', error: -7 });
  expect(unanswered.state).toEqual({ kind: 'disconnected', reason: { kind: 'destroyed' } });
});

test('an attempt to connect can be given up', async () => {
  await using server = await startFakeServer({ welcome: 'silence' });
  const session = new Session({ timeoutMs: 4000 });
  const opening = session.open(server.endpoint);
  await waitFor({ what: 'the hello', deadlineMs: 1000 }, () => server.clients[0]);
  session.destroySocket();
  expect(await opening).toMatchObject({ outcome: 'unknown', reason: { kind: 'destroyed' } });
  server.options = {};
  expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'ok' });
  session.destroySocket();
});

test('what comes with the connect response in one chunk is heard in order', async () => {
  await using server = await startFakeServer({ welcome: 'silence' });
  const heard: string[] = [];
  const session = new Session({
    timeoutMs: 4000,
    listener: {
      connected: () => heard.push('connected'),
      watchEvent: ({ path }) => heard.push(path),
      disconnected: ({ kind }) => heard.push(kind),
    },
  });
  const opening = session.open(server.endpoint);
  const client = await waitFor({ what: 'the hello', deadlineMs: 1000 }, () => server.clients[0]);
  client.socket.write(Buffer.concat([welcomeFrame(4000), eventFrame(1, '/a'), reply(5)]));
  expect(await opening).toMatchObject({ outcome: 'ok' });
  expect(heard).toEqual(['connected', '/a', 'malformed']);
  expect(session.state.kind).toBe('disconnected');
});

test('a request that cannot be encoded is the caller’s mistake and harms no other', async () => {
  await using server = await startFakeServer(agreeable);
  const session = await opened(server);
  const before = session.request(remove('/before'));
  await expect(session.request(remove(undefined as unknown as string))).rejects.toThrow(TypeError);
  const after = session.request(remove('/after'));
  expect([await before, await after]).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
  expect(server.clients[0]!.requests.map(({ body }) => body.ustring())).toEqual(['/before', '/after']);
  session.destroySocket();
});

test('a raw request carries any opcode and answers with the bytes of the reply', async () => {
  await using server = await startFakeServer({
    onRequest: (client, { xid, body }) => client.reply(xid, 9, 0, (writer) => writer.raw(body.rest())),
  });
  const session = await opened(server);
  expect(await session.sendRaw(107, Buffer.from('echo'))).toMatchObject({
    body: Buffer.from('echo'),
    zxid: 9,
  });
  expect(server.clients[0]!.requests[0]!.opcode).toBe(107);
  session.destroySocket();
});

test('a session can be taken over with its id and password', async () => {
  await using server = await startFakeServer({});
  const resume = { id: 'ff00000000000001', password: Buffer.alloc(16, 7), lastZxidSeen: 33 };
  const session = await opened(server, { resume });
  expect(server.clients[0]!.hello).toMatchObject({ sessionId: 'ff00000000000001', lastZxidSeen: 33 });
  session.destroySocket();
});

test.each([
  ['a reply to another request', (xid: number) => reply(xid + 1), /a reply to xid 2, expected 1/],
  ['a reply to no request', () => Buffer.concat([reply(1), reply(2)]), /a reply to xid 2, expected none/],
  ['a reply that ends too early', () => Buffer.from('0000000400000001', 'hex'), /a long with 0 bytes left/],
  ['bytes after a reply', (xid: number) => reply(xid, 4), /4 bytes after the end/],
  ['an unknown special xid', () => reply(-77), /a reply to xid -77/],
  ['an auth reply nobody asked for', () => reply(-4), /no auth request/],
])('%s ends the connection with that reason, and loses no operation', async (_, bytes, detail) => {
  await using server = await startFakeServer({
    onRequest: (client, { xid }) => client.socket.write(bytes(xid)),
  });
  const reasons: CloseReason[] = [];
  const session = await opened(server, { listener: { disconnected: (reason) => reasons.push(reason) } });
  const answer = await session.request(remove('/a'));
  await waitFor({ what: 'the end', deadlineMs: 1000 }, () => reasons[0]);
  expect(reasons).toEqual([{ kind: 'malformed', detail: expect.stringMatching(detail) }]);
  expect(['ok', 'unknown']).toContain(answer.outcome);
});

test('a frame beyond the limit ends the connection before it is received', async () => {
  await using server = await startFakeServer({
    onRequest: (client) => client.socket.write(Buffer.from('0000040100000001', 'hex')),
  });
  const session = await opened(server, { maxFrameBytes: 1024 });
  expect(await session.request(remove('/a'))).toMatchObject({ outcome: 'unknown', error: -4 });
  expect(session.state).toEqual({
    kind: 'disconnected',
    reason: { kind: 'oversized', bytes: 1025, maxBytes: 1024 },
  });
});

function reply(xid: number, extraBytes = 0): Buffer {
  return frameOf((writer) => {
    writer.int(xid);
    writer.long(1);
    writer.int(0);
    writer.raw(Buffer.alloc(extraBytes));
  });
}
