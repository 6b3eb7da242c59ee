import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Frames } from '../../harness/client/frames.ts';
import { Reader, Writer } from '../../harness/client/jute.ts';
import { opcodes } from '../../harness/client/requests.ts';
import type { Endpoint } from '../../harness/topology/endpoint.ts';

interface FakeRequest {
  xid: number;
  opcode: number;
  body: Reader;
}

/** One client connection, as the server sees it. */
interface FakeClient {
  readonly socket: Socket;
  /** What its hello said. */
  readonly hello: { lastZxidSeen: number; timeoutMs: number; sessionId: string; readOnly: boolean };
  /** Every request so far, pings included. */
  readonly requests: FakeRequest[];
  reply(xid: number, zxid: number, error?: number, body?: (writer: Writer) => void): void;
}

export interface FakeServerOptions {
  /** Called for every request but pings; by default nothing is answered. */
  onRequest?(client: FakeClient, request: FakeRequest): void;
  /** Negotiated timeout in the connect response; 0 says expired; 'close' and 'silence' answer nothing. */
  welcome?: number | 'close' | 'silence';
  answerPings?: boolean;
  /** Answers to four-letter words; others are answered with nothing. */
  words?: Record<string, string>;
}

export interface FakeServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly clients: FakeClient[];
  options: FakeServerOptions;
}

export const fakeSessionId = '1000000000000abc';

/** A server under a test's control: it speaks the handshake and answers what the test wants. */
export async function startFakeServer(options: FakeServerOptions = {}, sid = 1): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(server, socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const server: FakeServer = {
    endpoint: { host: '127.0.0.1', port: address.port, sid },
    clients: [],
    options,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return server;
}

function serve(server: FakeServer, socket: Socket): void {
  const frames = new Frames(1 << 24);
  let client: FakeClient | undefined;
  socket.on('data', (chunk) => {
    // Letters are a word; a length, which may come alone, begins with a zero.
    if (client === undefined && /^[a-z]{4}$/.test(chunk.toString('latin1'))) {
      socket.end(server.options.words?.[chunk.toString()] ?? '');
      return;
    }
    frames.push(chunk);
    while (frames.next()) {
      const reader = new Reader(Buffer.from(frames.bytes.subarray(frames.start, frames.end)));
      if (client === undefined) client = greet(server, socket, reader);
      else receive(server, client, reader);
    }
  });
}

function greet({ options, clients }: FakeServer, socket: Socket, reader: Reader): FakeClient {
  reader.int();
  const hello = { lastZxidSeen: reader.long(), timeoutMs: reader.int(), sessionId: reader.hexLong() };
  reader.bytes();
  const client: FakeClient = {
    socket,
    // Clients of 3.3 and their likes end here.
    hello: { ...hello, readOnly: reader.remaining > 0 && reader.bool() },
    requests: [],
    reply(xid, zxid, error = 0, body = () => undefined) {
      socket.write(
        frameOf((writer) => {
          writer.int(xid);
          writer.long(zxid);
          writer.int(error);
          body(writer);
        }),
      );
    },
  };
  clients.push(client);
  const { welcome = 10_000 } = options;
  if (welcome === 'close') socket.destroy();
  if (typeof welcome === 'number') socket.write(welcomeFrame(welcome));
  return client;
}

function receive({ options }: FakeServer, client: FakeClient, body: Reader): void {
  const request = { xid: body.int(), opcode: body.int(), body };
  client.requests.push(request);
  if (request.opcode !== opcodes.ping) options.onRequest?.(client, request);
  else if (options.answerPings !== false) client.reply(-2, 0);
}

export function welcomeFrame(timeoutMs: number): Buffer {
  return frameOf((writer) => {
    writer.int(0);
    writer.int(timeoutMs);
    writer.hexLong(timeoutMs > 0 ? fakeSessionId : '0');
    writer.bytes(new Uint8Array(16));
    writer.bool(false);
  });
}

export function frameOf(write: (writer: Writer) => void): Buffer {
  const writer = new Writer();
  const mark = writer.beginFrame();
  write(writer);
  writer.endFrame(mark);
  return writer.take();
}

/** A Stat whose numbers tell its fields apart. */
export function writeStat(writer: Writer, version = 3): void {
  for (const long of [11, 12, 1_700_000_000_000, 1_700_000_000_001]) writer.long(long);
  for (const int of [version, 4, 5]) writer.int(int);
  writer.hexLong('0');
  for (const int of [2, 0]) writer.int(int);
  writer.long(13);
}

export function eventFrame(type: number, path: string, zxid = -1): Buffer {
  return frameOf((writer) => {
    writer.int(-1);
    writer.long(zxid);
    writer.int(0);
    writer.int(type);
    writer.int(3);
    writer.bytes(path);
  });
}
