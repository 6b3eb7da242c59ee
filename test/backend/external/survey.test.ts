import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { survey } from '../../../harness/backend/external/survey.ts';
import type { Auth } from '../../../harness/client/auth.ts';
import { freePorts } from '../../../harness/distribution/free-ports.ts';
import { type FakeServerOptions, startFakeServer } from '../../support/fake-server.ts';

type Address = { host: string; port: number };
const at = (...servers: Address[]) => ({ servers, chroot: '/app' });
const look = (servers: Address[], auth?: Auth) => survey(at(...servers), auth);

/** Something that listens and is no ZooKeeper. */
async function stranger(onData: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => onData(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server that gives sessions and answers every request with one error. */
const refusing = (error: number): FakeServerOptions => ({
  onRequest: (client, { xid, opcode }) => client.reply(xid, 5, opcode === 100 ? 0 : error),
});

test('a port on which nothing listens', async () => {
  const [port] = (await freePorts(1)) as [number];
  await expect(look([{ host: '127.0.0.1', port }])).rejects.toThrow(
    `server 127.0.0.1:${port}: nothing listens there; start it, correct --servers, or leave it out`,
  );
});

test('a host that does not exist', async () => {
  const nowhere = look([{ host: 'no-such-host.invalid', port: 2181 }]);
  await expect(nowhere).rejects.toThrow(/server no-such-host.invalid:2181: there is no such host; correct/);
});

test('a port of another protocol', async () => {
  await using web = await stranger((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await expect(look([web])).rejects.toThrow(/announced a frame of \d+ bytes.*; give its client port/);
});

test('a port that closes the connection', async () => {
  await using closing = await stranger((socket) => socket.end());
  await expect(look([closing])).rejects.toThrow(
    /instead of giving a session \(not a client port, one for TLS/,
  );
});

test('a server without a quorum', async () => {
  const words = 'This ZooKeeper instance is not currently serving requests\n';
  await using lonely = await stranger((socket) => socket.end(words));
  let first = true;
  await using electing = await stranger((socket) => {
    socket.end(first ? '' : words);
    first = false;
  });
  await expect(look([electing])).rejects.toThrow(/it runs, but hears no quorum; start more/);
  await expect(look([lonely])).rejects.toThrow(/give its client port/);
});

test('a server that says nothing', { timeout: 20_000 }, async () => {
  await using silent = await stranger(() => undefined);
  await expect(look([silent])).rejects.toThrow(
    /no connect response within 5000 ms; see that nothing filters/,
  );
});

test.each([
  [
    'a chroot that does not exist',
    -101,
    /node \/app: there is no such node; create it, or correct the chroot/,
  ],
  [
    'an ACL against us',
    -102,
    /its ACL does not let nodes below it be made; give --auth digest:user:password/,
  ],
  ['a read-only server', -119, /the server is read-only now/],
  ['servers that demand SASL', -124, /the servers demand authentication; give --auth; SASL cannot/],
  ['a full quota', -125, /no node can be made below it \(QUOTAEXCEEDED\)/],
])('%s', async (_, error, message) => {
  await using server = await startFakeServer(refusing(error));
  await expect(look([server.endpoint])).rejects.toThrow(message);
});

test('credentials that servers refuse are not shown', async () => {
  await using server = await startFakeServer({
    onRequest: (client) => client.reply(-4, 0, -115),
  });
  const looking = look([server.endpoint], { scheme: 'magic', credentials: 'abracadabra' });
  await expect(looking).rejects.toThrow(/--auth magic:…: the server refuses it \(AUTHFAILED\)/);
  await expect(looking).rejects.not.toThrow(/abracadabra/);
});

test('two addresses of one server', async () => {
  await using server = await startFakeServer(refusing(0));
  const again = { host: 'localhost', port: server.endpoint.port };
  await expect(look([server.endpoint, again])).rejects.toThrow(/both are server 16; give each server once/);
});
