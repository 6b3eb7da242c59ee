import { createServer, type Socket } from 'node:net';
import { Frames } from '../../harness/client/frames.ts';
import { opcodes } from '../../harness/client/requests.ts';

/**
 * A server that knows nothing: every request is answered at once with a canned reply, all requests of a chunk with one
 * write. What a client reaches against it is the client's own speed. Prints its port.
 */
const statBytes = 68;
const stat = Buffer.alloc(statBytes);
stat.writeInt32BE(64, 52);
const data = Buffer.concat([int(64), Buffer.alloc(64, 'v'), stat]);
const name = Buffer.concat([int(6), Buffer.from('/bench')]);
const nothing = Buffer.alloc(0);

const bodies = new Map<number, Buffer>([
  [opcodes.create, name],
  [opcodes.getData, data],
  [opcodes.setData, stat],
  [opcodes.ping, nothing],
  [opcodes.closeSession, nothing],
]);

const frameBytesMax = 1024 * 1024;
const headerBytes = 20;

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
  const out = Buffer.allocUnsafe((Math.ceil(chunkBytes / 12) + 1) * (headerBytes + data.length));
  let at = 0;
  let closing = false;
  while (frames.next()) {
    const xid = frames.bytes.readInt32BE(frames.start);
    const type = frames.bytes.readInt32BE(frames.start + 4);
    const body = bodies.get(type);
    if (body === undefined) throw new Error(`no canned reply to opcode ${type}`);
    out.writeInt32BE(headerBytes - 4 + body.length, at);
    out.writeInt32BE(xid, at + 4);
    out.writeInt32BE(1, at + 8);
    out.writeInt32BE(1, at + 12);
    out.writeInt32BE(0, at + 16);
    body.copy(out, at + headerBytes);
    at += headerBytes + body.length;
    closing ||= type === opcodes.closeSession;
  }
  if (closing) socket.end(out.subarray(0, at));
  else socket.write(out.subarray(0, at));
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
