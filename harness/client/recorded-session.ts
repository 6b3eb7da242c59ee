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
    const returned = await this.#run({ kind: 'closeSession' }, this.#op('close', ''), nothing);
    if (returned.outcome !== 'ok') this.session.destroySocket();
    return returned;
  }

  create(path: string, data: Data, options: CreateOptions = {}): Promise<Returned> {
    const { mode = 0, acls = openAcl, stat = false, ttlMs = 0 } = options;
    const op = this.#op('create', path);
    op.value = textOf(data);
    op.flags = stat ? mode | flagBits.stat : mode;
    return this.#run({ kind: 'create', path, data, acls, mode, ttlMs, stat }, op, fillCreate);
  }

  delete(path: string, version: number = anyVersion): Promise<Returned> {
    const op = this.#op('delete', path);
    op.version = version;
    return this.#run({ kind: 'delete', path, version }, op, nothing);
  }

  exists(path: string, watch = false): Promise<Returned> {
    return this.#run({ kind: 'exists', path, watch }, this.#read('exists', path, watch), fillStat);
  }

  getData(path: string, watch = false): Promise<Returned> {
    return this.#run({ kind: 'getData', path, watch }, this.#read('getData', path, watch), fillData);
  }

  setData(path: string, data: Data, version: number = anyVersion): Promise<Returned> {
    const op = this.#op('setData', path);
    op.value = textOf(data);
    op.version = version;
    return this.#run({ kind: 'setData', path, data, version }, op, fillStat);
  }

  getChildren(path: string, watch = false): Promise<Returned> {
    return this.#run(
      { kind: 'getChildren', path, watch },
      this.#read('getChildren', path, watch),
      fillChildren,
    );
  }

  sync(path: string): Promise<Returned> {
    return this.#run({ kind: 'sync', path }, this.#op('sync', path), nothing);
  }

  /** All or nothing; when it fails `error` is that of the part that failed. */
  multi(parts: readonly MultiPart[]): Promise<Returned> {
    const op = this.#op('multi', '');
    op.value = jsonOfParts(parts);
    return this.#run({ kind: 'multi', parts }, op, fillParts);
  }

  getACL(path: string): Promise<Returned> {
    return this.#run({ kind: 'getACL', path }, this.#op('getACL', path), fillAcls);
  }

  /** `version` is compared with the node's aversion. */
  setACL(path: string, acls: readonly Acl[], version: number = anyVersion): Promise<Returned> {
    const op = this.#op('setACL', path);
    op.value = JSON.stringify(acls);
    op.version = version;
    return this.#run({ kind: 'setACL', path, acls, version }, op, fillStat);
  }

  addWatch(path: string, mode: AddWatchMode): Promise<Returned> {
    const op = this.#op('addWatch', path);
    op.value = mode;
    return this.#run({ kind: 'addWatch', path, mode }, op, nothing);
  }

  removeWatches(path: string, type: WatcherType = 'any'): Promise<Returned> {
    const op = this.#op('removeWatches', path);
    op.value = type;
    return this.#run({ kind: 'removeWatches', path, type }, op, nothing);
  }

  /** Not an operation on nodes, so not a row: credentials hold for what the session sends afterwards. */
  async addAuth(scheme: string, credentials: string): Promise<Returned> {
    return returnedOf(await this.session.addAuth(scheme, credentials));
  }

  #run<R extends Request>(request: R, op: Op, fill: Fill<Answers[R['kind']]>): Promise<Returned> {
    return new Promise((resolve) => {
      this.session.submit(request, (answer) => resolve(this.#record(op, answer, fill)));
    });
  }

  /** Completes and appends the row as soon as the answer is decoded, before any other answer or event. */
  #record<A>(op: Op, answer: Answer<A>, fill: Fill<A>): Returned {
    const returned = returnedOf(answer);
    op.outcome = answer.outcome;
    op.error = answer.error;
    op.zxid = answer.zxid;
    op.xid = answer.xid;
    op.server = answer.sid;
    op.invokedNs = answer.sentNs;
    op.returnedNs = answer.returnedNs;
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

  #read(kind: OpKind, path: string, watch: boolean): Op {
    const op = this.#op(kind, path);
    if (watch) op.flags = flagBits.watch;
    return op;
  }

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
