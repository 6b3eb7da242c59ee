import { anyVersion, type Op, type OpKind } from '../history/op.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import type { Answer } from './call.ts';
import { errors } from './errors.ts';
import { RecordedCalls, type Recorder } from './recorded-calls.ts';
import type { Answers, Request } from './requests.ts';
import { type Fill, nothing, type Returned, returnedOf } from './returned.ts';
import { type Connected, Session, type SessionOptions, type SessionState } from './session.ts';
import type { WatchEvent } from './watch-event.ts';

export type { Recorder, Returned };

export interface RecordedSessionOptions extends SessionOptions {
  /** Logical client name, the value of its connect ops. */
  name: string;
  /** Unique in the scenario; a new ZooKeeper session needs a new one. */
  session: number;
  recorder: Recorder;
}

/** A session whose every operation, connect, close, expiry and watch event becomes one row. Never throws for what a server did. */
export class RecordedSession extends RecordedCalls {
  readonly session: Session;
  readonly #listener: SessionOptions['listener'];

  constructor(options: RecordedSessionOptions) {
    super(options.name, options.session, options.recorder);
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

  /** A CheckVersion of its own, outside of a multi; no client library has a call for it. */
  check(path: string, version: number = anyVersion): Promise<Returned> {
    return this.run({ kind: 'check', path, version }, 'check', path, nothing, null, version);
  }

  /** Ends the session. When no answer comes the connection is cut and the session may live on at the server. */
  async close(): Promise<Returned> {
    const returned = await this.run({ kind: 'closeSession' }, 'close', '', nothing);
    if (returned.outcome !== 'ok') this.session.destroySocket();
    return returned;
  }

  /** Not an operation on nodes, so not a row: credentials hold for what the session sends afterwards. */
  async addAuth(scheme: string, credentials: string): Promise<Returned> {
    return returnedOf(await this.session.addAuth(scheme, credentials));
  }

  /**
   * The row is made when the answer is there: made before, it would wait as long as the request, and what lives that
   * long is copied by the collector.
   */
  protected run<R extends Request>(
    request: R,
    kind: OpKind,
    path: string,
    fill: Fill<Answers[R['kind']]>,
    value: string | null = null,
    version: number = anyVersion,
    flags = 0,
  ): Promise<Returned> {
    const { phase } = this.recorder;
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
    this.recorder.sink.append(op);
    return returned;
  }

  async #connect(connect: () => Promise<Connected>): Promise<Connected> {
    const op = this.op('connect', '');
    op.invokedNs = this.recorder.clock.nowNs();
    op.value = this.name;
    const connected = await connect();
    op.outcome = connected.outcome;
    op.error = connected.error;
    op.server = connected.sid;
    op.result = this.session.id === '0' ? null : this.session.id;
    op.version = this.session.timeoutMs;
    op.returnedNs = this.recorder.clock.nowNs();
    this.recorder.sink.append(op);
    if (connected.outcome === 'fail' && connected.error === errors.SESSIONEXPIRED.code) this.#expired(op);
    return connected;
  }

  #expired(connect: Op): void {
    this.recorder.sink.append({ ...connect, kind: 'expired', outcome: 'ok', error: 0 });
  }

  #watchEvent(event: WatchEvent, sid: number, receivedNs: number): void {
    const op = this.op('event', event.path);
    op.invokedNs = op.returnedNs = receivedNs;
    op.outcome = 'ok';
    op.server = sid;
    op.value = event.type;
    op.zxid = event.zxid;
    this.recorder.sink.append(op);
    this.#listener?.watchEvent?.(event, sid, receivedNs);
  }
}
