import { createServer, type Socket } from 'node:net';
import { Frames } from '../../harness/client/frames.ts';
import { opcodes } from '../../harness/client/requests.ts';
import { benchValue } from './rounds.ts';

/**
 * A server that knows nothing: every request is answered at once with a canned reply, all requests of a chunk with one
 * write. What a client reaches against it is the client's own speed. Prints its port.
 */
const epochOne = 1n << 32n;
const stat = Buffer.alloc(68);
for (const [at, long] of [
  [0, epochOne + 2n], // czxid
  [8, epochOne + 9n], // mzxid
  [16, 1_700_000_000_000n], // ctime
  [24, 1_700_000_060_000n], // mtime
  [60, epochOne + 2n], // pzxid
] as const)
  stat.writeBigInt64BE(long, at);
stat.writeInt32BE(7, 32); // version
stat.writeInt32BE(benchValue.length, 52); // dataLength

/** Whole replies by opcode; only the xid has to be filled in. */
const replies = new Map<number, Buffer>([
  [opcodes.create, reply(jute('/bench'))],
  [opcodes.getData, reply(Buffer.concat([jute(benchValue), stat]))],
  [opcodes.setData, reply(stat)],
  [opcodes.ping, reply(Buffer.alloc(0))],
  [opcodes.closeSession, reply(Buffer.alloc(0))],
]);
const longest = Math.max(...[...replies.values()].map(({ length }) => length));

const frameBytesMax = 1024 * 1024;

const server = createServer({ noDelay: true }, (socket) => {
  const frames = new Frames(frameBytesMax);
  let welcomed = false;
  socket.on('data', (chunk) => {
    frames.push(chunk);
    if (!welcomed) welcomed = frames.next() && welcome(socket);
    if (welcomed) answer(socket, frames, chunk.length);
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  console.log(String(address.port));
});
process.stdin.on('end', () => process.exit(0)).resume();

function welcome(socket: Socket): true {
  const response = Buffer.alloc(41);
  response.writeInt32BE(37, 0);
  response.writeInt32BE(10_000, 8);
  response.writeBigInt64BE(1n, 12);
  response.writeInt32BE(16, 20);
  socket.write(response);
  return true;
}

function answer(socket: Socket, frames: Frames, chunkBytes: number): void {
  // The shortest request is 12 bytes with its length word, plus one that an earlier chunk began.
  const out = Buffer.allocUnsafe((Math.ceil(chunkBytes / 12) + 1) * longest);
  let at = 0;
  let closing = false;
  while (frames.next()) {
    const { bytes, start } = frames;
    const type = bytes.readInt32BE(start + 4);
    const canned = replies.get(type);
    if (canned === undefined) throw new Error(`no canned reply to opcode ${type}`);
    out.set(canned, at);
    for (let i = 0; i < 4; i++) out[at + 4 + i] = bytes[start + i]!;
    at += canned.length;
    closing ||= type === opcodes.closeSession;
  }
  if (closing) socket.end(out.subarray(0, at));
  else socket.write(out.subarray(0, at));
}

/** A frame with a reply header: length, xid, zxid, error. */
function reply(body: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeInt32BE(16 + body.length, 0);
  header.writeBigInt64BE(epochOne + 10n, 8);
  return Buffer.concat([header, body]);
}

function jute(text: string): Buffer {
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeInt32BE(text.length);
  bytes.write(text, 4);
  return bytes;
}
