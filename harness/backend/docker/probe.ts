import { connect } from 'node:net';
import type { Reach } from '../backend.ts';

/** One TCP connect from this process, for machines whose addresses it can reach. */
export function tryConnect(host: string, port: number, probeMs: number): Promise<Reach> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (reach: Reach) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reach);
    };
    const timer = setTimeout(() => end('silent'), probeMs);
    socket.once('connect', () => end('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') end('refused');
      else if (error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH') end('unreachable');
      else {
        clearTimeout(timer);
        reject(error);
      }
    });
  });
}
