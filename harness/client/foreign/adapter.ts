import type { Auth } from '../auth.ts';
import type { Answers, Request } from '../requests.ts';

/** What is asked of a client library: all that a workload does, never the housekeeping of its connection. */
export type ForeignRequest = Exclude<
  Request,
  { kind: 'check' | 'setWatches' | 'auth' | 'closeSession' | 'raw' }
>;
export type ForeignKind = ForeignRequest['kind'];

export interface ForeignSetup {
  /** "host:port,host:port": the library chooses among them. */
  servers: string;
  /** Session timeout to ask for, ms. */
  timeoutMs: number;
  auth?: Auth;
}

/** What a library says of its session. */
export type ForeignState =
  /** `id` as hex, `password` as hex: with both a session can be taken over. */
  | { kind: 'connected'; id: string; password: string; timeoutMs: number }
  | { kind: 'disconnected' }
  /** It will never work again: closed as it was asked to, or gone as the library understands the servers. */
  | { kind: 'ended'; how: 'closed' | 'expired' | 'refused' };

interface ForeignListener {
  state(state: ForeignState): void;
  /** A watch fired; `type` as ZooKeeper's Java names it (NodeCreated ...). */
  event(type: string, path: string): void;
}

/** What a library called back with: a ZooKeeper error code, and the body of an answer without error (or of a failed multi). */
export interface Told {
  error: number;
  body: Answers[ForeignKind] | null;
}

/** What becomes of a call at once. */
export interface Accepted {
  /** The code with which the library refused it without asking a server; its callback is then never called. */
  refused?: number;
  /** What it is known to send instead of what it was asked for, and why in half a sentence. */
  instead?: { request: ForeignRequest; why: string };
}

export interface ForeignClient {
  /** `tell` is called for every call of the library's callback, once if all is well. */
  call(request: ForeignRequest, tell: (told: Told) => void): Accepted;
  close(): void;
}

/** A client library as a workload can use it. */
export interface Library {
  readonly name: string;
  readonly version: string;
  /** What it has no call for. */
  readonly lacks: readonly ForeignKind[];
  open(setup: ForeignSetup, listener: ForeignListener): ForeignClient;
}

/** The default export of an adapter's module; loads the library, and throws where it is not installed. */
export type Adapter = () => Library;
