import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { fourLetter, NoAnswer, parseSrvr } from '../../harness/client/four-letter.ts';

/** As a leader of 3.9.5 and a standalone 3.4.14 answered. */
const leader = `Zookeeper version: 3.9.5-293c895a8d966a3ecb92872be4a1daf87d725da2, built on 2026-02-11 20:18 UTC
Latency min/avg/max: 0/0.6364/5
Received: 12
Sent: 11
Connections: 2
Outstanding: 0
Zxid: 0x100000004
Mode: leader
Node count: 5
Proposal sizes last/min/max: 48/48/48
`;
const standalone = `Zookeeper version: 3.4.14-4c25d480e66aadd371de8bd2fd8da255ac140bcf, built on 03/06/2019 16:18 GMT
Latency min/avg/max: 0/0/0
Received: 1
Sent: 0
Connections: 1
Outstanding: 3
Zxid: 0x0
Mode: standalone
Node count: 4
`;

test('srvr of a serving server', () => {
  expect(parseSrvr(leader)).toEqual({
    kind: 'serving',
    version: '3.9.5',
    mode: 'leader',
    zxid: 0x100000004,
    outstanding: 0,
    nodes: 5,
  });
  expect(parseSrvr(standalone)).toMatchObject({
    version: '3.4.14',
    mode: 'standalone',
    outstanding: 3,
    zxid: 0,
  });
  expect(parseSrvr(standalone.replace('Connections: 1\n', ''))).toMatchObject({ kind: 'serving', nodes: 4 });
  const beta = leader.replace('3.9.5-293', '3.5.3-beta-8ce24f9');
  expect(parseSrvr(beta)).toMatchObject({ version: '3.5.3-beta' });
  expect(parseSrvr(leader.replace('Mode: leader', 'Mode: read-only'))).toMatchObject({ mode: 'read-only' });
});

test('srvr of a server that does not serve, or may not say', () => {
  expect(parseSrvr('This ZooKeeper instance is not currently serving requests\n')).toEqual({
    kind: 'notServing',
  });
  expect(parseSrvr('srvr is not executed because it is not in the whitelist.\n')).toEqual({
    kind: 'notWhitelisted',
  });
});

test.each([
  '',
  'HTTP/1.1 400 Bad Request',
  leader.replace('Mode: leader', 'Mode: dictator'),
  leader.slice(0, 150),
])('anything else is unreadable, never a guess', (text) => {
  expect(parseSrvr(text)).toEqual({ kind: 'unreadable', text });
});

test('the answer is whole, however it is cut, and silence ends at the deadline', async () => {
  const words: string[] = [];
  let answer = (socket: Socket) => {
    socket.write(standalone.slice(0, 20));
    setImmediate(() => socket.end(standalone.slice(20)));
  };
  const server = createServer((socket) => {
    socket.on('data', (word) => {
      words.push(word.toString());
      answer(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const endpoint = { host: '127.0.0.1', port };
  expect(await fourLetter(endpoint, 'srvr', 1000)).toBe(standalone);
  answer = () => undefined;
  await expect(fourLetter(endpoint, 'ruok', 40)).rejects.toThrow(NoAnswer);
  await expect(fourLetter(endpoint, 'ruok', 40)).rejects.toThrow(
    /ruok of 127.0.0.1:\d+: nothing complete within 40 ms/,
  );
  expect(words).toEqual(['srvr', 'ruok', 'ruok']);
  server.close();
  await expect(fourLetter(endpoint, 'srvr', 1000)).rejects.toThrow(/ECONNREFUSED/);
});
