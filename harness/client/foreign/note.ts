import type { ForeignKind } from './adapter.ts';

/** One thing a client library did, or left undone, that a history of operations has no row for. */
export type ClientDeed =
  | { note: 'opened'; client: string; version: string; lacks: readonly ForeignKind[] }
  | { note: 'connected'; id: string; timeoutMs: number }
  | { note: 'disconnected' }
  /** The library said that its session is over; `asked`: after it had been told to close. */
  | { note: 'ended'; how: 'closed' | 'expired' | 'refused'; asked: boolean }
  /** Its process died. */
  | { note: 'crashed'; how: string }
  /** It is known to have sent something else than it was asked for. `calledNs`: the row's time of invocation, here and below. */
  | { note: 'instead'; calledNs: number; kind: ForeignKind; why: string }
  /** Not called back `waitedMs` after the servers served again, or after the session's end. */
  | { note: 'unanswered'; calledNs: number; kind: ForeignKind; waitedMs: number }
  /** Called back once more. */
  | { note: 'again'; calledNs: number }
  /** What a server said when the session was presented to it afterwards; null when none answered. */
  | { note: 'presented'; alive: boolean | null; server: number };

/** A line of clients.ndjson. */
export type ClientNote = ClientDeed & {
  /** ns since the scenario's origin. */
  atNs: number;
  /** The session's number in the history. */
  session: number;
};

/** Where a worker's sessions put their notes. */
export type NoteSink = (note: ClientNote) => void;
