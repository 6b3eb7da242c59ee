import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Ports of 127.0.0.1 that nobody uses now. All are bound at once, so they differ. Another process may take one before it
 * is used: whoever needs them must survive that.
 */
export async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      listeners.map(async (listener) => {
        listener.listen(0, '127.0.0.1');
        await once(listener, 'listening');
        return (listener.address() as AddressInfo).port;
      }),
    );
  } finally {
    for (const listener of listeners) listener.close();
  }
}
