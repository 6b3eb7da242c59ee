import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * The smallest client there is: a new session and one acknowledged write to one server, in bytes written down here.
 * It shows that a server serves, before there is anything to record. Throws when it does not within `deadlineMs`.
 */
export async function writeOnce(endpoint: { host: string; port: number }, deadlineMs: number): Promise<void> {
  const socket = connect({ ...endpoint, noDelay: true });
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    await once(socket, 'connect', { signal });
    socket.write(hello);
    await frame(socket, signal);
    socket.write(create);
    // ReplyHeader: xid, zxid, err.
    const error = (await frame(socket, signal)).readInt32BE(12);
    if (error !== 0) throw new Error(`create answered ${error}`);
  } finally {
    socket.destroy();
  }
}

/** The body of one frame, which its length precedes. The server closes the connection while it does not serve. */
async function frame(socket: Socket, signal: AbortSignal): Promise<Buffer> {
  let received = Buffer.alloc(0);
  while (received.length < 4 || received.length < 4 + received.readInt32BE(0)) {
    const [chunk] = await Promise.race([once(socket, 'data', { signal }), ended(socket, signal)]);
    received = Buffer.concat([received, chunk as Buffer]);
  }
  return received.subarray(4, 4 + received.readInt32BE(0));
}

async function ended(socket: Socket, signal: AbortSignal): Promise<never> {
  await once(socket, 'close', { signal });
  throw new Error('the server closed the connection');
}

const framed = (...parts: Buffer[]) => withLength(Buffer.concat(parts));
const text = (value: string) => withLength(Buffer.from(value));

function withLength(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function ints(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, 4 * index);
  return bytes;
}

/** ConnectRequest: protocol 0, lastZxidSeen 0, timeout 10 s, session 0, empty password of 16 bytes, not read-only. */
const hello = framed(ints(0, 0, 0, 10_000, 0, 0), withLength(Buffer.alloc(16)), Buffer.of(0));

/** xid 1, create (1): an ephemeral sequential node under the root that anybody may do anything with. */
const create = framed(
  ints(1, 1),
  text('/start-'),
  text('x'),
  ints(1, 31),
  text('world'),
  text('anyone'),
  ints(3),
);
