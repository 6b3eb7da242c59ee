import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Frames } from '../../harness/client/frames.ts';
import type { Endpoint } from '../../harness/topology/endpoint.ts';

/** A TCP relay in front of a server, which keeps every byte of every connection. */
export interface Relay extends AsyncDisposable {
  readonly endpoint: Endpoint;
  /** One entry a connection, in the order they were made. */
  readonly connections: { sent: Buffer[]; received: Buffer[] }[];
  /** Cuts the connections that are open; new ones may follow. */
  cut(): void;
}

/** `refuses`: which connections are cut, by the first that clients say on them. */
export async function startRelay(
  server: Endpoint,
  refuses: (first: Buffer) => boolean = () => false,
): Promise<Relay> {
  const connections: Relay['connections'] = [];
  const open = new Set<Socket>();
  const listener = createServer((client) => {
    const kept = { sent: [] as Buffer[], received: [] as Buffer[] };
    connections.push(kept);
    const upstream = connect({ host: server.host, port: server.port });
    client.once('data', (first) => {
      if (refuses(first)) client.destroy();
    });
    join(client, upstream, kept.sent);
    join(upstream, client, kept.received);
  });
  function join(from: Socket, to: Socket, kept: Buffer[]): void {
    open.add(from);
    from.on('data', (chunk) => {
      kept.push(chunk);
      to.write(chunk);
    });
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
    from.on('error', () => to.destroy());
  }
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    endpoint: { host: '127.0.0.1', port: address.port, sid: server.sid },
    connections,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** The bodies of the frames in what a connection carried one way. */
export function framesOf(chunks: readonly Buffer[]): Buffer[] {
  const frames = new Frames(64 * 1024 * 1024);
  frames.push(Buffer.concat(chunks));
  const bodies: Buffer[] = [];
  while (frames.next()) bodies.push(Buffer.from(frames.bytes.subarray(frames.start, frames.end)));
  return bodies;
}
