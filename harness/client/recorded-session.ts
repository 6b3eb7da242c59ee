import type { Clock } from '../base/clock.ts';
import {
  anyVersion,
  flagBits,
  type Op,
  type OpKind,
  type OpSink,
  type Phase,
  type Zxid,
} from '../history/op.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { type Acl, openAcl } from './acl.ts';
import type { Answer } from './call.ts';
import { errors } from './errors.ts';
import { jsonOfParts, textOf } from './recorded-text.ts';
import type { AddWatchMode, Answers, CreateMode, Data, MultiPart, Request, WatcherType } from './requests.ts';
import {
  type Fill,
  fillAcls,
  fillChildren,
  fillCreate,
  fillData,
  fillParts,
  fillStat,
  nothing,
  type Returned,
  returnedOf,
} from './returned.ts';
import { type Connected, Session, type SessionOptions, type SessionState } from './session.ts';
import type { WatchEvent } from './watch-event.ts';

export type { Returned };

/** Where and when a worker's sessions record. Shared by them, so that one assignment changes the phase of all. */
export interface Recorder {
  readonly clock: Clock;
  readonly sink: OpSink;
  phase: Phase;
}

export interface RecordedSessionOptions extends SessionOptions {
  /** Logical client name, the value of its connect ops. */
  name: string;
  /** Unique in the scenario; a new ZooKeeper session needs a new one. */
  session: number;
  recorder: Recorder;
}

export interface CreateOptions {
  /** Default 0, persistent. */
  mode?: CreateMode;
  acls?: readonly Acl[];
  /** Ask for the Stat (3.5 and later). */
  stat?: boolean;
  ttlMs?: number;
}

/** A session whose every operation, connect, close, expiry and watch event becomes one row. Never throws for what a server did. */
export class RecordedSession {
  readonly session: Session;
  readonly name: string;
  /** The session's number in the history. */
  readonly number: number;
  readonly #recorder: Recorder;
  readonly #listener: SessionOptions['listener'];

  constructor(options: RecordedSessionOptions) {
    this.name = options.name;
    this.number = options.session;
    this.#recorder = options.recorder;
    this.#listener = options.listener;
    this.session = new Session({
      ...options,
      nowNs: () => options.recorder.clock.nowNs(),
      listener: {
        ...options.listener,
        watchEvent: (event, sid, receivedNs) => this.#watchEvent(event, sid, receivedNs),
      },
    });
  }

  get state(): SessionState {
    return this.session.state;
  }

  open(endpoint: Endpoint): Promise<Connected> {
    return this.#connect(() => this.session.open(endpoint));
  }

  /** Takes the session to a server; the caller decides where. `expired` in the state means: make a new one. */
  moveTo(endpoint: Endpoint): Promise<Connected> {
    return this.#connect(() => this.session.moveTo(endpoint));
  }

  /** Cuts the connection; operations in flight become unknown. */
  destroySocket(): void {
    this.session.destroySocket();
  }

  /** Ends the session. When no answer comes the connection is cut and the session may live on at the server. */
  async close(): Promise<Returned> {
    const returned = await this.#run({ kind: 'closeSession' }, 'close', '', nothing);
    if (returned.outcome !== 'ok') this.session.destroySocket();
    return returned;
  }

  create(path: string, data: Data, options: CreateOptions = {}): Promise<Returned> {
    const { mode = 0, acls = openAcl, stat = false, ttlMs = 0 } = options;
    const request: Request = { kind: 'create', path, data, acls, mode, ttlMs, stat };
    const flags = stat ? mode | flagBits.stat : mode;
    return this.#run(request, 'create', path, fillCreate, textOf(data), anyVersion, flags);
  }

  delete(path: string, version: number = anyVersion): Promise<Returned> {
    return this.#run({ kind: 'delete', path, version }, 'delete', path, nothing, null, version);
  }

  exists(path: string, watch = false): Promise<Returned> {
    return this.#read({ kind: 'exists', path, watch }, fillStat);
  }

  getData(path: string, watch = false): Promise<Returned> {
    return this.#read({ kind: 'getData', path, watch }, fillData);
  }

  setData(path: string, data: Data, version: number = anyVersion): Promise<Returned> {
    const request: Request = { kind: 'setData', path, data, version };
    return this.#run(request, 'setData', path, fillStat, textOf(data), version);
  }

  getChildren(path: string, watch = false): Promise<Returned> {
    return this.#read({ kind: 'getChildren', path, watch }, fillChildren);
  }

  sync(path: string): Promise<Returned> {
    return this.#run({ kind: 'sync', path }, 'sync', path, nothing);
  }

  /** All or nothing; when it fails `error` is that of the part that failed. */
  multi(parts: readonly MultiPart[]): Promise<Returned> {
    return this.#run({ kind: 'multi', parts }, 'multi', '', fillParts, jsonOfParts(parts));
  }

  getACL(path: string): Promise<Returned> {
    return this.#run({ kind: 'getACL', path }, 'getACL', path, fillAcls);
  }

  /** `version` is compared with the node's aversion. */
  setACL(path: string, acls: readonly Acl[], version: number = anyVersion): Promise<Returned> {
    const request: Request = { kind: 'setACL', path, acls, version };
    return this.#run(request, 'setACL', path, fillStat, JSON.stringify(acls), version);
  }

  addWatch(path: string, mode: AddWatchMode): Promise<Returned> {
    return this.#run({ kind: 'addWatch', path, mode }, 'addWatch', path, nothing, mode);
  }

  removeWatches(path: string, type: WatcherType = 'any'): Promise<Returned> {
    return this.#run({ kind: 'removeWatches', path, type }, 'removeWatches', path, nothing, type);
  }

  /** Not an operation on nodes, so not a row: credentials hold for what the session sends afterwards. */
  async addAuth(scheme: string, credentials: string): Promise<Returned> {
    return returnedOf(await this.session.addAuth(scheme, credentials));
  }

  #read<R extends Extract<Request, { watch: boolean }>>(
    request: R,
    fill: Fill<Answers[R['kind']]>,
  ): Promise<Returned> {
    const flags = request.watch ? flagBits.watch : 0;
    return this.#run(request, request.kind, request.path, fill, null, anyVersion, flags);
  }

  /**
   * The row is made when the answer is there: made before, it would wait as long as the request, and what lives that
   * long is copied by the collector.
   */
  #run<R extends Request>(
    request: R,
    kind: OpKind,
    path: string,
    fill: Fill<Answers[R['kind']]>,
    value: string | null = null,
    version: number = anyVersion,
    flags = 0,
  ): Promise<Returned> {
    const { phase } = this.#recorder;
    return new Promise((resolve) => {
      this.session.submit(request, (answer) => {
        const op: Op = {
          session: this.number,
          xid: answer.xid,
          kind,
          server: answer.sid,
          phase,
          outcome: answer.outcome,
          error: answer.error,
          invokedNs: answer.sentNs,
          returnedNs: answer.returnedNs,
          zxid: answer.zxid,
          path,
          value,
          version,
          flags,
          stat: null,
          result: null,
        };
        resolve(this.#record(op, answer, fill));
      });
    });
  }

  /** Completes and appends the row as soon as the answer is decoded, before any other answer or event. */
  #record<A>(op: Op, answer: Answer<A>, fill: Fill<A>): Returned {
    const returned = returnedOf(answer);
    if (answer.body !== null) fill(answer.body, op, returned);
    this.#recorder.sink.append(op);
    return returned;
  }

  async #connect(connect: () => Promise<Connected>): Promise<Connected> {
    const op = this.#op('connect', '');
    op.invokedNs = this.#recorder.clock.nowNs();
    op.value = this.name;
    const connected = await connect();
    op.outcome = connected.outcome;
    op.error = connected.error;
    op.server = connected.sid;
    op.result = this.session.id === '0' ? null : this.session.id;
    op.version = this.session.timeoutMs;
    op.returnedNs = this.#recorder.clock.nowNs();
    this.#recorder.sink.append(op);
    if (connected.outcome === 'fail' && connected.error === errors.SESSIONEXPIRED.code) this.#expired(op);
    return connected;
  }

  #expired(connect: Op): void {
    this.#recorder.sink.append({ ...connect, kind: 'expired', outcome: 'ok', error: 0 });
  }

  #watchEvent(event: WatchEvent, sid: number, receivedNs: number): void {
    const op = this.#op('event', event.path);
    op.invokedNs = op.returnedNs = receivedNs;
    op.outcome = 'ok';
    op.server = sid;
    op.value = event.type;
    op.zxid = event.zxid;
    this.#recorder.sink.append(op);
    this.#listener?.watchEvent?.(event, sid, receivedNs);
  }

  /** The row of what is no request: a connect, a watch event. */
  #op(kind: OpKind, path: string): Op {
    return {
      session: this.number,
      xid: 0,
      kind,
      server: 0,
      phase: this.#recorder.phase,
      outcome: 'notSent',
      error: 0,
      invokedNs: 0,
      returnedNs: 0,
      zxid: 0 as Zxid,
      path,
      value: null,
      version: anyVersion,
      flags: 0,
      stat: null,
      result: null,
    };
  }
}
