import { Malformed, type Reader, Writer } from './jute.ts';

/** First frame of a connection: ConnectRequest (zookeeper.jute). */
export interface Hello {
  lastZxidSeen: number;
  timeoutMs: number;
  /** Session id in hex; '0' asks for a new session. */
  sessionId: string;
  password: Uint8Array;
  /** Whether a server without a quorum may serve this session, for reads only. */
  readOnly: boolean;
}

/** The server's answer: ConnectResponse. */
export interface Welcome {
  sessionId: string;
  password: Buffer;
  /** Negotiated, in ms. The server says 0 when the session does not exist (any more). */
  timeoutMs: number;
  /** Whether the server serves reads only; false when it did not say (before 3.4). */
  readOnly: boolean;
}

/** The password that goes with session id '0'. */
export const noPassword: Uint8Array = new Uint8Array(16);

/** The whole frame. `readOnly` is always sent: servers 3.9.0 to 3.9.2 refuse clients without it (ZOOKEEPER-4814). */
export function encodeHello(hello: Hello): Buffer {
  const writer = new Writer();
  const mark = writer.beginFrame();
  writer.int(0);
  writer.long(hello.lastZxidSeen);
  writer.int(hello.timeoutMs);
  writer.hexLong(hello.sessionId);
  writer.bytes(hello.password);
  writer.bool(hello.readOnly);
  writer.endFrame(mark);
  return writer.take();
}

export function decodeWelcome(reader: Reader): Welcome {
  const protocol = reader.int();
  if (protocol !== 0) throw new Malformed(`protocol version ${protocol} in the connect response`);
  const timeoutMs = reader.int();
  const sessionId = reader.hexLong();
  const password = reader.bytes();
  const readOnly = reader.remaining > 0 && reader.bool();
  reader.expectEnd();
  if (timeoutMs > 0 && sessionId === '0') throw new Malformed('a session without an id');
  return { sessionId, password: password ?? Buffer.from(noPassword), timeoutMs, readOnly };
}
