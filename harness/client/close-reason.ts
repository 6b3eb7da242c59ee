import { never } from '../base/never.ts';

/** Why a connection ended, or never came to be. */
export type CloseReason =
  /** The server answered closeSession. */
  | { kind: 'closed' }
  /** We cut the socket: on purpose, to move, or to give a close that got no answer up. */
  | { kind: 'destroyed' }
  /** No TCP connection; `detail` is the system's code. */
  | { kind: 'refused'; detail: string }
  /** No connect response in time. */
  | { kind: 'handshakeTimeout'; waitedMs: number }
  /** The server said that the session does not exist. */
  | { kind: 'expired' }
  /** The server closed the connection in good order. */
  | { kind: 'ended' }
  /** The connection broke; `detail` is the system's code. */
  | { kind: 'broken'; detail: string }
  /** Nothing arrived for two thirds of the session timeout. */
  | { kind: 'silent'; silentMs: number }
  /** The server announced a frame beyond the limit (or of negative length). */
  | { kind: 'oversized'; bytes: number; maxBytes: number }
  /** The server sent what is not the protocol. */
  | { kind: 'malformed'; detail: string };

/** The reason as the end of a sentence: "connection to 127.0.0.1:2181 lost: …". */
export function describeReason(reason: CloseReason): string {
  switch (reason.kind) {
    case 'closed':
      return 'the session was closed';
    case 'destroyed':
      return 'this client cut the connection';
    case 'refused':
      return `no connection (${reason.detail})`;
    case 'handshakeTimeout':
      return `no connect response within ${reason.waitedMs} ms`;
    case 'expired':
      return 'the server says the session has expired';
    case 'ended':
      return 'the server closed the connection';
    case 'broken':
      return `the connection broke (${reason.detail})`;
    case 'silent':
      return `the server sent nothing for ${reason.silentMs} ms`;
    case 'oversized':
      return `the server announced a frame of ${reason.bytes} bytes, the limit is ${reason.maxBytes}`;
    case 'malformed':
      return `the server sent ${reason.detail}`;
    default:
      return never(reason);
  }
}
