import type { Outcome } from '../history/op.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { type AnswerTo, notSent, type Settle } from './call.ts';
import type { CloseReason } from './close-reason.ts';
import { Connection } from './connection.ts';
import { errors } from './errors.ts';
import { noPassword, type Welcome } from './handshake.ts';
import type { Answers, Request } from './requests.ts';
import type { WatchEvent } from './watch-event.ts';
import { Watches } from './watches.ts';

export interface SessionOptions {
  /** Session timeout to ask for, ms; the server clamps it to 2 to 20 ticks unless configured otherwise. */
  timeoutMs: number;
  /** After this an operation's outcome is unknown; the session goes on. Default 5000. */
  deadlineMs?: number;
  /** For TCP connect and connect response together. Default 4000. */
  connectMs?: number;
  /** A longer frame ends the connection. Default 4 MiB, four times a server's default jute.maxbuffer. */
  maxFrameBytes?: number;
  /** Accept a server without a quorum, for reads. Default false. */
  readOnly?: boolean;
  /** Take over an existing session, or pretend to; `open` then presents it. */
  resume?: { id: string; password: Uint8Array; lastZxidSeen: number };
  /** Clock for the times of answers and events, ns. Default: `performance.now()`. */
  nowNs?: () => number;
  listener?: Partial<SessionListener>;
}

export interface SessionListener {
  connected(endpoint: Endpoint): void;
  /** After every operation in flight has been settled. */
  disconnected(reason: CloseReason): void;
  expired(): void;
  watchEvent(event: WatchEvent, sid: number, receivedNs: number): void;
}

export type SessionState =
  | { kind: 'new' }
  | { kind: 'connecting'; endpoint: Endpoint }
  | { kind: 'connected'; endpoint: Endpoint }
  | { kind: 'disconnected'; reason: CloseReason }
  /** Over for good: the server said that the session is gone, or answered closeSession. */
  | { kind: 'expired' }
  | { kind: 'closed' };

/** What came of `open` or `moveTo`. `unknown`: a connect request was sent and not answered, so a session may exist. */
export interface Connected {
  outcome: Outcome;
  /** 0, -4 (no connection) or -112 (session expired). */
  error: number;
  sid: number;
  reason: CloseReason | null;
}

/**
 * A ZooKeeper session. It has at most one connection, to the server its owner named, and never fails over on its own:
 * after `disconnected` the owner decides where to move it. Nothing is queued while there is no connection.
 */
export class Session {
  /** 16 hex digits; '0' before the first connection. */
  id = '0';
  password: Uint8Array = noPassword;
  /** Negotiated session timeout; 0 before the first connection. */
  timeoutMs = 0;
  /** Whether the server at the other end serves reads only. */
  readOnly = false;
  /** For operations submitted from now on. */
  deadlineMs: number;
  readonly #options: SessionOptions;
  readonly #listener: Partial<SessionListener>;
  readonly #nowNs: () => number;
  readonly #watches = new Watches();
  readonly #auths: { scheme: string; credentials: string }[] = [];
  #state: SessionState = { kind: 'new' };
  /** Kept after its end, for what it has seen. */
  #connection: Connection | undefined;
  #lastZxidSeen = 0;
  #lateReplies = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#listener = options.listener ?? {};
    this.#nowNs = options.nowNs ?? (() => performance.now() * 1e6);
    this.deadlineMs = options.deadlineMs ?? 5000;
    if (options.resume === undefined) return;
    this.id = options.resume.id;
    this.password = options.resume.password;
    this.#lastZxidSeen = options.resume.lastZxidSeen;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Highest zxid of any reply to a request; what the next server must have reached to accept this session. */
  get lastZxidSeen(): number {
    return Math.max(this.#lastZxidSeen, this.#connection?.lastZxidSeen ?? 0);
  }

  /** Replies that came after their deadline, over the whole session. */
  get lateReplies(): number {
    return this.#lateReplies + (this.#connection?.lateReplies ?? 0);
  }

  /** Asks a server for a session (or presents the one to resume). */
  open(endpoint: Endpoint): Promise<Connected> {
    if (this.#state.kind !== 'new') throw new Error(`open of a session that is ${this.#state.kind}`);
    return this.#connect(endpoint);
  }

  /** Leaves the present connection, if any, and takes the session to a server (the same one, for a reconnect). */
  async moveTo(endpoint: Endpoint): Promise<Connected> {
    const { kind } = this.#state;
    if (kind === 'expired')
      return { outcome: 'notSent', error: errors.SESSIONEXPIRED.code, sid: 0, reason: null };
    if (kind === 'closed' || kind === 'connecting') throw new Error(`moveTo of a session that is ${kind}`);
    this.#connection?.destroy();
    return await this.#connect(endpoint);
  }

  /** Sends a request and calls `settle` once, whatever happens. Answers are settled in the order of arrival. */
  submit<R extends Request>(request: R, settle: Settle<Answers[R['kind']]>): void {
    const connection = this.#connection;
    if (connection === undefined || this.#state.kind !== 'connected') {
      const { code } = this.#state.kind === 'expired' ? errors.SESSIONEXPIRED : errors.CONNECTIONLOSS;
      settle(notSent(code, this.#nowNs()));
      return;
    }
    connection.submit(
      request,
      this.deadlineMs,
      setsWatches(request) ? this.#watching(request, settle) : settle,
    );
  }

  /** `submit` as a promise, which never rejects. */
  request<R extends Request>(request: R): Promise<AnswerTo<R['kind']>> {
    return new Promise((resolve) => this.submit(request, resolve));
  }

  /** Adds credentials (scheme `digest`: `user:password`) and presents them again after every move. */
  async addAuth(scheme: string, credentials: string): Promise<AnswerTo<'auth'>> {
    const auth = { scheme, credentials };
    this.#auths.push(auth);
    const answer = await this.request({ kind: 'auth', scheme, credentials });
    if (answer.outcome === 'fail') this.#auths.splice(this.#auths.indexOf(auth), 1);
    return answer;
  }

  /** Ends the session with closeSession. When no answer comes the connection is cut and the session may live on. */
  async close(): Promise<AnswerTo<'closeSession'>> {
    const answer = await this.request({ kind: 'closeSession' });
    if (answer.outcome !== 'ok') this.destroySocket();
    return answer;
  }

  /** Cuts the connection (or the attempt at one) without a word; the session lives on at the server until it times out. */
  destroySocket(): void {
    this.#connection?.destroy();
  }

  /** Any opcode with any body, answered with the bytes of the reply. For conformance experiments only. */
  sendRaw(opcode: number, body: Uint8Array): Promise<AnswerTo<'raw'>> {
    return this.request({ kind: 'raw', opcode, body });
  }

  /** Bytes outside of every frame. For conformance experiments only: a wrong frame can wedge a server. */
  sendGarbage(bytes: Uint8Array): void {
    this.#connection?.writeGarbage(bytes);
  }

  async #connect(endpoint: Endpoint): Promise<Connected> {
    this.#lastZxidSeen = this.lastZxidSeen;
    this.#lateReplies = this.lateReplies;
    this.#state = { kind: 'connecting', endpoint };
    const { connectMs = 4000, maxFrameBytes = 4 * 1024 * 1024, readOnly = false, timeoutMs } = this.#options;
    const connection = new Connection(
      endpoint,
      { lastZxidSeen: this.#lastZxidSeen, timeoutMs, sessionId: this.id, password: this.password, readOnly },
      { connectMs, maxFrameBytes, nowNs: this.#nowNs },
      {
        opened: (welcome) => this.#connected(endpoint, welcome),
        event: (event, receivedNs) => this.#event(event, endpoint.sid, receivedNs),
        closed: (reason) => this.#disconnected(reason),
      },
    );
    this.#connection = connection;
    const opened = await connection.opened;
    if (opened.kind === 'failed') return this.#refused(endpoint, opened.reason, opened.sent);
    return { outcome: 'ok', error: 0, sid: endpoint.sid, reason: null };
  }

  #connected(endpoint: Endpoint, welcome: Welcome): void {
    this.id = welcome.sessionId;
    this.password = welcome.password;
    this.timeoutMs = welcome.timeoutMs;
    this.readOnly = welcome.readOnly;
    this.#state = { kind: 'connected', endpoint };
    this.#restore();
    this.#listener.connected?.(endpoint);
  }

  #refused(endpoint: Endpoint, reason: CloseReason, sent: boolean): Connected {
    if (reason.kind === 'expired') {
      this.#state = { kind: 'expired' };
      this.#listener.expired?.();
      return { outcome: 'fail', error: errors.SESSIONEXPIRED.code, sid: endpoint.sid, reason };
    }
    this.#state = { kind: 'disconnected', reason };
    const error = errors.CONNECTIONLOSS.code;
    return sent
      ? { outcome: 'unknown', error, sid: endpoint.sid, reason }
      : { outcome: 'notSent', error, sid: 0, reason };
  }

  /** Auth first, then watches, before anything the owner sends (ClientCnxn.primeConnection). */
  #restore(): void {
    for (const { scheme, credentials } of this.#auths)
      this.submit({ kind: 'auth', scheme, credentials }, ignore);
    for (const request of this.#watches.requests(this.#lastZxidSeen)) this.submit(request, ignore);
  }

  #event(event: WatchEvent, sid: number, receivedNs: number): void {
    this.#watches.fired(event);
    this.#listener.watchEvent?.(event, sid, receivedNs);
  }

  #disconnected(reason: CloseReason): void {
    this.#state = reason.kind === 'closed' ? { kind: 'closed' } : { kind: 'disconnected', reason };
    this.#listener.disconnected?.(reason);
  }

  /** Books a watch when the server has confirmed it, as the Java client does. */
  #watching<R extends Request>(request: R, settle: Settle<Answers[R['kind']]>): Settle<Answers[R['kind']]> {
    return (answer) => {
      if (answer.outcome === 'ok') this.#book(request);
      else if (request.kind === 'exists' && answer.error === errors.NONODE.code)
        this.#watches.add('exist', request.path);
      settle(answer);
    };
  }

  #book(request: Request): void {
    switch (request.kind) {
      case 'exists':
      case 'getData':
        this.#watches.add('data', request.path);
        break;
      case 'getChildren':
        this.#watches.add('child', request.path);
        break;
      case 'addWatch':
        this.#watches.add(request.mode, request.path);
        break;
      case 'removeWatches':
        this.#watches.removed(request.type, request.path);
        break;
      default:
        throw new Error(`${request.kind} sets no watch`);
    }
  }
}

function setsWatches(request: Request): boolean {
  switch (request.kind) {
    case 'exists':
    case 'getData':
    case 'getChildren':
      return request.watch;
    case 'addWatch':
    case 'removeWatches':
      return true;
    default:
      return false;
  }
}

/** For restored auth and watches: when the server refuses them it closes the connection, which is heard there. */
const ignore = () => undefined;
