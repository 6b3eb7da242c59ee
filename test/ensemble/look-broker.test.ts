import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { lookAtBroker } from '../../harness/ensemble/look-broker.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A port behind which `answer` is the broker. */
async function broker(answer: (socket: Socket, question: Buffer) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (question) => answer(socket, question));
    socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { sid: 101, host: '127.0.0.1', port: (server.address() as { port: number }).port };
}

test('a broker that answers serves', async () => {
  const endpoint = await broker((socket, question) => {
    expect(question.readInt16BE(4)).toBe(18);
    const frame = Buffer.alloc(10);
    frame.writeInt32BE(6);
    frame.writeInt32BE(question.readInt32BE(8), 4);
    socket.write(frame);
  });
  expect(await lookAtBroker(endpoint, 5000)).toEqual({ role: 'serving' });
});

test('one whose port is open and who says nothing is silent, as when it is frozen', async () => {
  const endpoint = await broker(() => undefined);
  expect(await lookAtBroker(endpoint, 50)).toEqual({ role: 'silent' });
});

test('one that closes the connection, or answers something else, is silent', async () => {
  const closing = await broker((socket) => socket.end());
  expect(await lookAtBroker(closing, 5000)).toEqual({ role: 'silent' });
  const strange = await broker((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n'));
  expect(await lookAtBroker(strange, 5000)).toEqual({ role: 'silent' });
});

test('a port nobody listens on is down', async () => {
  const endpoint = await broker(() => undefined);
  for (const close of open.splice(0)) close();
  expect(await lookAtBroker(endpoint, 5000)).toEqual({ role: 'down' });
});
