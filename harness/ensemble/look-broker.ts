import { connect } from 'node:net';
import type { Endpoint } from '../topology/endpoint.ts';
import type { Role } from '../topology/roles.ts';

const correlation = 7;
/** ApiVersions (18), version 0, which every broker answers without asking who we are (KIP-35); no client id. */
const question = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, correlation, 0xff, 0xff]);

/**
 * Asks a broker whether it serves: it answers requests only once it is registered in ZooKeeper and has been told by a
 * controller (KafkaServer.startup). `silent`: no answer in time; `down`: nothing listens.
 */
export function lookAtBroker({ host, port }: Endpoint, deadlineMs: number): Promise<{ role: Role }> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    let received = Buffer.alloc(0);
    const settle = (role: Role) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ role });
    };
    const timer = setTimeout(() => settle('silent'), deadlineMs);
    socket.on('connect', () => socket.write(question));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 8) settle(received.readInt32BE(4) === correlation ? 'serving' : 'silent');
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      settle(code === 'ECONNREFUSED' ? 'down' : 'silent'),
    );
    socket.on('close', () => settle('silent'));
  });
}
