import { never } from '../base/never.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { Session } from './session.ts';

/** No server ever gives this out: ids have the server's own in the high byte (SessionTrackerImpl.initializeNextSession). */
const nobodysSession = { id: '1', password: new Uint8Array(16).fill(1), lastZxidSeen: 0 };

/**
 * Whether a server takes sessions, asked without making one: it is shown a session that never was. One that serves says
 * that the session is gone, without a transaction; one without a quorum closes the connection (ZooKeeperServer.reopenSession,
 * NIOServerCnxn.readConnectRequest). For servers that do not answer `srvr`.
 */
export async function knock(
  endpoint: Endpoint,
  deadlineMs: number,
): Promise<'serving' | 'electing' | 'silent' | 'down'> {
  const session = new Session({ timeoutMs: 4000, connectMs: deadlineMs, resume: nobodysSession });
  const { reason } = await session.open(endpoint);
  session.destroySocket();
  if (reason === null) throw new Error(`${endpoint.host}:${endpoint.port} took a session nobody ever had`);
  switch (reason.kind) {
    case 'expired':
      return 'serving';
    case 'refused':
      return reason.detail === 'ECONNREFUSED' ? 'down' : 'silent';
    case 'handshakeTimeout':
    case 'silent':
      return 'silent';
    case 'ended':
    case 'broken':
      return 'electing';
    case 'oversized':
    case 'malformed':
      throw new Error(`${endpoint.host}:${endpoint.port} does not speak ZooKeeper's protocol`);
    case 'closed':
    case 'destroyed':
      throw new Error(`a knock that was ${reason.kind} before it was answered`);
    default:
      return never(reason);
  }
}
