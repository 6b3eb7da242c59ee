import { WaitedInVain, waitFor } from '../../base/wait.ts';
import { anyVersion, type Op, type OpKind } from '../../history/op.ts';
import type { Endpoint } from '../../topology/endpoint.ts';
import type { Auth } from '../auth.ts';
import { notSent } from '../call.ts';
import { addressOf } from '../connect-string.ts';
import { errors } from '../errors.ts';
import { RecordedCalls, type Recorder } from '../recorded-calls.ts';
import { jsonOfParts } from '../recorded-text.ts';
import type { Answers, Request } from '../requests.ts';
import { type Fill, type Returned, returnedOf } from '../returned.ts';
import type { ForeignKind, ForeignRequest, ForeignState, Told } from './adapter.ts';
import type { FromChild } from './messages.ts';
import type { ClientDeed, NoteSink } from './note.ts';
import { outcomeTold } from './outcome.ts';
import { presentSession } from './present.ts';
import { type LibraryProcess, startLibrary } from './process.ts';

export interface ForeignSessionOptions {
  /** A name of the catalogue, or the path of an adapter. */
  client: string;
  name: string;
  session: number;
  recorder: Recorder;
  notes: NoteSink;
  endpoints: readonly Endpoint[];
  timeoutMs: number;
  /** After this the caller goes on without an answer; the row waits for it. */
  deadlineMs: number;
  /** How long callbacks may take when all servers serve; default `settleMsMin`, or twice the session timeout. */
  settleMs?: number;
  auth?: Auth;
}

/** One call on its way through the library. */
interface Open {
  op: Op;
  kind: ForeignKind;
  answered(told: Told): Returned;
  /** Once the caller has gone on this does nothing. */
  resolve(returned: Returned): void;
}

/** Callbacks that a library owes when its session has ended come at once; on a busy machine within this, ms. */
const afterEndMs = 2000;
/** The C client sends its closeSession for up to 3 s; then it has given up. */
const closeMs = 6000;
/** The least time for a callback when all servers serve; beyond that it is twice the session timeout, ms. */
const settleMsMin = 8000;

/**
 * A session of a client library under test, in a process of its own. It fails over by itself, hides the zxids of replies
 * and may do anything: what it does is recorded and nothing is believed. A row is written when the library calls back,
 * so rows stand in the order of callbacks. Neither the server nor the request's number on its connection is known (0); a
 * call is told by its time of invocation, which no other of its session has.
 */
export class ForeignSession extends RecordedCalls {
  readonly #options: ForeignSessionOptions;
  readonly #open = new Map<number, Open>();
  /** Calls that were called back, with their times. */
  readonly #answered = new Map<number, number>();
  #process: LibraryProcess | undefined;
  #calls = 0;
  #lastCallNs = 0;
  #state: ForeignState | { kind: 'new' } = { kind: 'new' };
  /** As the library last told them. */
  #identity: { id: string; password: string } | undefined;
  #closing = false;

  constructor(options: ForeignSessionOptions) {
    super(options.name, options.session, options.recorder);
    this.#options = options;
  }

  get connected(): boolean {
    return this.#state.kind === 'connected';
  }

  /** The library says that it is over, or has died. */
  get ended(): boolean {
    return this.#state.kind === 'ended';
  }

  /** Loads the library and lets it connect; resolves before it has. Throws NotLoaded where it is not installed. */
  async open(): Promise<void> {
    const { client, endpoints, timeoutMs, auth } = this.#options;
    this.#process = await startLibrary(
      client,
      (message) => this.#hear(message),
      (how) => this.#crashed(how),
    );
    const { name, version, lacks } = this.#process.loaded;
    this.#note({ note: 'opened', client: name, version, lacks });
    const servers = endpoints.map(addressOf).join(',');
    this.#process.say({ to: 'open', setup: { servers, timeoutMs, ...(auth && { auth }) } });
  }

  /**
   * Waits for callbacks, has the library close its session, and makes sure that the servers have none of it left. To be
   * called when all servers serve, or when the session is over. The session's name when it may live on.
   */
  async end(): Promise<string | undefined> {
    const { settleMs = Math.max(settleMsMin, 2 * this.#options.timeoutMs) } = this.#options;
    const waitedMs = this.ended ? afterEndMs : settleMs;
    await this.#until('its callbacks', waitedMs, () => this.#open.size === 0);
    for (const { op, kind } of this.#open.values()) {
      this.#note({ note: 'unanswered', calledNs: op.invokedNs, kind, waitedMs });
    }
    this.#closing = true;
    // One that never connected has nothing to close.
    if (this.#identity && !this.ended) {
      this.#process?.say({ to: 'close' });
      await this.#until('its end', closeMs, () => this.ended);
    }
    this.cut();
    if (!this.#identity) return undefined;
    const { name, number: session, recorder } = this;
    const { endpoints, timeoutMs } = this.#options;
    const { alive, server, gone } = await presentSession({
      ...{ name, session, recorder, endpoints, timeoutMs },
      ...this.#identity,
    });
    this.#note({ note: 'presented', alive, server });
    return gone ? undefined : name;
  }

  /** Ends the process at once; calls without an answer stay so. */
  cut(): void {
    this.#process?.kill();
    this.#state = { kind: 'ended', how: 'closed' };
    for (const [call, open] of this.#open) this.#giveUp(call, open);
  }

  protected run<R extends Request>(
    request: R,
    kind: OpKind,
    path: string,
    fill: Fill<Answers[R['kind']]>,
    value: string | null = null,
    version: number = anyVersion,
    flags = 0,
  ): Promise<Returned> {
    const op: Op = { ...this.op(kind, path), value, version, flags };
    const { deadlineMs } = this.#options;
    const call = ++this.#calls;
    op.invokedNs = this.#lastCallNs = Math.max(this.recorder.clock.nowNs(), this.#lastCallNs + 1);
    return new Promise((resolve) => {
      if (this.ended || !this.#process) {
        resolve(this.#refuse(op, errors.SESSIONEXPIRED.code));
        return;
      }
      const answered = ({ error, body }: Told): Returned => {
        const returned = this.#record(op, error);
        if (body !== null) fill(body as Answers[R['kind']], op, returned);
        this.recorder.sink.append(op);
        return returned;
      };
      const timer = setTimeout(() => resolve(this.#unanswered()), deadlineMs);
      this.#open.set(call, {
        op,
        kind: request.kind as ForeignKind,
        answered,
        resolve: (returned) => {
          clearTimeout(timer);
          resolve(returned);
        },
      });
      this.#process.say({ to: 'call', call, request: request as ForeignRequest });
    });
  }

  #hear(message: FromChild): void {
    switch (message.from) {
      case 'answer':
        this.#answer(message.call, message.told);
        break;
      case 'refused': {
        const open = this.#take(message.call);
        open?.resolve(this.#refuse(open.op, message.error));
        break;
      }
      case 'instead':
        this.#instead(message);
        break;
      case 'state':
        this.#heardState(message.state);
        break;
      case 'event':
        this.#event(message.type, message.path);
        break;
      default:
    }
  }

  #answer(call: number, told: Told): void {
    const open = this.#take(call);
    if (open) {
      this.#answered.set(call, open.op.invokedNs);
      open.resolve(open.answered(told));
      return;
    }
    const calledNs = this.#answered.get(call);
    if (calledNs !== undefined) this.#note({ note: 'again', calledNs });
  }

  #take(call: number): Open | undefined {
    const open = this.#open.get(call);
    this.#open.delete(call);
    return open;
  }

  #instead({ call, request, why }: Extract<FromChild, { from: 'instead' }>): void {
    const open = this.#open.get(call);
    if (!open) return;
    if (request.kind === 'multi') open.op.value = jsonOfParts(request.parts);
    else if ('version' in request) open.op.version = request.version;
    this.#note({ note: 'instead', calledNs: open.op.invokedNs, kind: open.kind, why });
  }

  #heardState(state: ForeignState): void {
    if (this.ended) return;
    this.#state = state;
    if (state.kind === 'connected') {
      const { id, password, timeoutMs } = state;
      this.#identity = { id, password };
      this.#note({ note: 'connected', id, timeoutMs });
      const op = this.op('connect', '');
      op.invokedNs = op.returnedNs = this.recorder.clock.nowNs();
      Object.assign(op, { outcome: 'ok', value: this.name, result: id, version: timeoutMs });
      this.recorder.sink.append(op);
    } else if (state.kind === 'disconnected') this.#note({ note: 'disconnected' });
    else this.#note({ note: 'ended', how: state.how, asked: this.#closing });
  }

  #crashed(how: string): void {
    this.#note({ note: 'crashed', how });
    this.#state = { kind: 'ended', how: 'refused' };
    for (const [call, open] of this.#open) this.#giveUp(call, open);
  }

  #event(type: string, path: string): void {
    const op = this.op('event', path);
    op.invokedNs = op.returnedNs = this.recorder.clock.nowNs();
    op.outcome = 'ok';
    op.value = type;
    this.recorder.sink.append(op);
  }

  /** The row of a call that will never be called back. */
  #giveUp(call: number, { op, resolve }: Open): void {
    this.#open.delete(call);
    op.outcome = 'unknown';
    op.error = errors.OPERATIONTIMEOUT.code;
    op.returnedNs = this.recorder.clock.nowNs();
    this.recorder.sink.append(op);
    resolve(this.#unanswered());
  }

  /** What the caller is told meanwhile. */
  #unanswered(): Returned {
    const { nowNs } = this.recorder.clock;
    return returnedOf({ ...notSent(errors.OPERATIONTIMEOUT.code, nowNs()), outcome: 'unknown' });
  }

  #refuse(op: Op, error: number): Returned {
    op.outcome = 'notSent';
    op.error = error;
    op.returnedNs = this.recorder.clock.nowNs();
    this.recorder.sink.append(op);
    return returnedOf(notSent(error, op.returnedNs));
  }

  #record(op: Op, error: number): Returned {
    op.outcome = outcomeTold(error);
    op.error = error;
    op.returnedNs = this.recorder.clock.nowNs();
    return returnedOf({ ...notSent(error, op.returnedNs), outcome: op.outcome });
  }

  async #until(what: string, deadlineMs: number, done: () => boolean): Promise<void> {
    try {
      await waitFor({ what, deadlineMs }, () => done() || undefined);
    } catch (error) {
      // What is still missing then is noted by the caller.
      if (!(error instanceof WaitedInVain)) throw error;
    }
  }

  #note(deed: ClientDeed): void {
    const { recorder, number: session } = this;
    this.#options.notes({ ...deed, atNs: recorder.clock.nowNs(), session });
  }
}
