import { connect as connectSocket, type Socket } from 'node:net';
import type { Zxid } from '../history/op.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { type Call, notSent, type Settle } from './call.ts';
import type { CloseReason } from './close-reason.ts';
import { errors, outcomeOf } from './errors.ts';
import { Frames, Oversized } from './frames.ts';
import { decodeWelcome, encodeHello, type Hello, type Welcome } from './handshake.ts';
import { InFlight, settleOnce, xids } from './in-flight.ts';
import { Malformed, Reader, Writer } from './jute.ts';
import { errorOfParts } from './multi.ts';
import { type Operation, operations } from './operations.ts';
import { opcodes, type PartResult, type Request } from './requests.ts';
import { readWatchEvent, type WatchEvent } from './watch-event.ts';

export interface ConnectionOptions {
  /** For TCP connect and connect response together. */
  connectMs: number;
  /** A frame beyond this ends the connection. */
  maxFrameBytes: number;
  /** For the times of answers and events; read once for all that is written or received together. */
  nowNs(): number;
}

/** Called from within the socket's own events, so that the order of calls is the order of what happened. */
export interface ConnectionListener {
  /** At most once, before anything else. */
  opened(welcome: Welcome): void;
  event(event: WatchEvent, receivedNs: number): void;
  /** Once, after every call in flight has been settled. Never called for a connection that did not open. */
  closed(reason: CloseReason): void;
}

export type Opened =
  | { kind: 'connected' }
  /** `sent`: whether the connect request may have reached the server. */
  | { kind: 'failed'; reason: CloseReason; sent: boolean };

/** One buffer a connection for all it reads: an allocation per read would cost as much as decoding some replies. */
const receiveBytes = 64 * 1024;

/** One socket to one server, from the handshake to its end. It never reconnects. */
export class Connection {
  readonly endpoint: Endpoint;
  /** How the handshake ended; within `connectMs`, and it never rejects. */
  readonly opened: Promise<Opened>;
  /** Highest zxid of a reply to a request, as Java's client counts: pings, auth and events do not raise it. */
  lastZxidSeen: number;
  /** Replies that came after their deadline and were dropped. */
  lateReplies = 0;
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #frames: Frames;
  readonly #reader = new Reader();
  readonly #writer = new Writer();
  readonly #nowNs: () => number;
  readonly #inFlight: InFlight;
  #flushDue = false;
  #timeoutMs = 0;
  #turnMs = 0;
  #receivedAtMs = 0;
  #receivedNs = 0;
  #writtenAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #over: CloseReason | undefined;
  #socketError: string | undefined;
  /** Set until the handshake has ended one way or the other. */
  #opening: ((opened: Opened) => void) | undefined;
  #helloSent = false;

  /** Begins to connect at once. */
  constructor(endpoint: Endpoint, hello: Hello, options: ConnectionOptions, listener: ConnectionListener) {
    this.endpoint = endpoint;
    this.lastZxidSeen = hello.lastZxidSeen;
    this.#listener = listener;
    this.#nowNs = options.nowNs;
    this.#frames = new Frames(options.maxFrameBytes);
    this.#inFlight = new InFlight(endpoint.sid);
    this.opened = new Promise((resolve) => {
      this.#opening = resolve;
    });
    this.#timer = setTimeout(
      () => this.#finish({ kind: 'handshakeTimeout', waitedMs: options.connectMs }),
      options.connectMs,
    );
    this.#socket = connectSocket({
      host: endpoint.host,
      port: endpoint.port,
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafeSlow(receiveBytes), callback: this.#received },
    });
    this.#socket.once('connect', () => {
      this.#helloSent = true;
      this.#socket.write(encodeHello(hello));
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#socketError = error.code ?? error.message;
    });
    this.#socket.on('close', () => this.#finish(this.#closedByPeer()));
  }

  /** Queues a request for this turn's write. `settle` is called exactly once, at the latest when the connection ends. */
  submit<A>(request: Request, deadlineMs: number, settle: Settle<A>): void {
    if (this.#over !== undefined) {
      settle(notSent(errors.CONNECTIONLOSS.code, this.#nowNs()));
      return;
    }
    this.#scheduleFlush();
    const deadlineAtMs = this.#turnMs + deadlineMs;
    const xid = this.#inFlight.nextXid(request);
    this.#encode(xid, request);
    this.#inFlight.add({ xid, request, deadlineAtMs, sentNs: 0, settle: settle as Settle<unknown> });
    if (deadlineAtMs < this.#wakeAtMs) this.#wakeAt(deadlineAtMs);
  }

  /** Writes bytes as they are, outside of every frame and queue; what comes back is not expected. For experiments. */
  writeGarbage(bytes: Uint8Array): void {
    this.#flush();
    if (this.#over === undefined) this.#socket.write(bytes);
  }

  /** Cuts the socket; calls in flight become unknown before this returns. */
  destroy(): void {
    this.#finish({ kind: 'destroyed' });
  }

  #encode(xid: number, request: Request): void {
    const operation = operationOf(request);
    const writer = this.#writer;
    const mark = writer.beginFrame();
    try {
      writer.int(xid);
      writer.int(operation.opcode(request));
      operation.encode(writer, request);
    } catch (error) {
      // A request that cannot be encoded is the caller's mistake; those before and after it must not suffer.
      writer.dropFrame(mark);
      throw error;
    }
    writer.endFrame(mark);
  }

  /** All requests of a turn of the event loop go out in one write: without this the client is five times slower (null server, 8 x 32). */
  #scheduleFlush(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    this.#turnMs = performance.now();
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushDue = false;
    if (this.#over !== undefined || this.#writer.length === 0) return;
    this.#inFlight.written(this.#nowNs());
    this.#writtenAtMs = performance.now();
    this.#socket.write(this.#writer.take());
  };

  /** The buffer is used again for the next read, so whatever is kept from it is a copy. */
  readonly #received = (bytes: number, buffer: Uint8Array): boolean => {
    this.#receivedAtMs = performance.now();
    this.#receivedNs = this.#nowNs();
    this.#frames.push(buffer.subarray(0, bytes) as Buffer);
    try {
      while (this.#over === undefined && this.#frames.next()) this.#frame();
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#finish(reasonOf(error));
    }
    return true;
  };

  #frame(): void {
    const reader = this.#reader;
    reader.reset(this.#frames.bytes, this.#frames.start, this.#frames.end);
    if (this.#opening !== undefined) {
      this.#welcome(this.#opening);
      return;
    }
    const xid = reader.int();
    const zxid = reader.zxid();
    const error = reader.int();
    switch (xid) {
      case xids.event:
        this.#listener.event(readWatchEvent(reader, zxid), this.#receivedNs);
        break;
      case xids.ping:
        reader.expectEnd();
        break;
      case xids.auth:
        this.#authReply(error);
        break;
      default:
        this.#reply(xid, zxid, error);
    }
  }

  #welcome(opening: (opened: Opened) => void): void {
    const welcome = decodeWelcome(this.#reader);
    if (welcome.timeoutMs <= 0) {
      this.#finish({ kind: 'expired' });
      return;
    }
    this.#opening = undefined;
    this.#timeoutMs = welcome.timeoutMs;
    this.#writtenAtMs = this.#receivedAtMs;
    this.#wakeAt(this.#receivedAtMs + this.#pingMs);
    this.#listener.opened(welcome);
    opening({ kind: 'connected' });
  }

  #authReply(error: number): void {
    const call = this.#inFlight.shiftAuth();
    if (call === undefined) throw new Malformed('an auth reply to no auth request');
    this.#settle(call, noZxid, error, null);
  }

  #reply(xid: number, zxid: Zxid, error: number): void {
    const call = this.#inFlight.next;
    if (call?.xid !== xid) throw new Malformed(`a reply to xid ${xid}, expected ${call?.xid ?? 'none'}`);
    // The call stays in the queue until its body has been read: a malformed one must leave it unknown, not lost.
    const body = error === 0 ? this.#body(call.request) : null;
    this.#inFlight.shift();
    if (zxid > this.lastZxidSeen) this.lastZxidSeen = zxid;
    this.#settle(call, zxid > 0 ? zxid : noZxid, error, body);
    if (call.request.kind === 'closeSession' && error === 0) this.#finish({ kind: 'closed' });
  }

  #body(request: Request): unknown {
    const body = operationOf(request).decode(this.#reader, request);
    this.#reader.expectEnd();
    return body;
  }

  #settle(call: Call, zxid: Zxid, code: number, body: unknown): void {
    // A failed multi has no error in its header.
    const failedPart = code === 0 && call.request.kind === 'multi' ? errorOfParts(body as PartResult[]) : 0;
    const inTime = settleOnce(call, {
      outcome: failedPart === 0 ? outcomeOf(code) : 'fail',
      error: failedPart === 0 ? code : failedPart,
      zxid,
      xid: call.xid,
      sid: this.endpoint.sid,
      body,
      sentNs: call.sentNs,
      returnedNs: this.#receivedNs,
    });
    if (!inTime) this.lateReplies++;
  }

  get #pingMs(): number {
    return this.#timeoutMs / 3;
  }

  get #silentMs(): number {
    return (this.#timeoutMs * 2) / 3;
  }

  #wakeAt(atMs: number): void {
    clearTimeout(this.#timer);
    this.#wakeAtMs = atMs;
    // What has arrived while this process was held up is read before any deadline is judged.
    this.#timer = setTimeout(
      () => setImmediate(this.#wake),
      Math.max(1, Math.ceil(atMs - performance.now())),
    );
  }

  readonly #wake = (): void => {
    if (this.#over !== undefined) return;
    const nowMs = performance.now();
    const silentMs = nowMs - this.#receivedAtMs;
    if (silentMs >= this.#silentMs) this.#finish({ kind: 'silent', silentMs: Math.round(silentMs) });
    else this.#inFlight.giveUpUntil(nowMs, this.#nowNs());
    if (this.#over !== undefined) return;
    let pingAtMs = this.#writtenAtMs + this.#pingMs;
    if (pingAtMs <= nowMs) {
      this.#ping();
      pingAtMs = nowMs + this.#pingMs;
    }
    this.#wakeAt(Math.min(pingAtMs, this.#receivedAtMs + this.#silentMs, this.#inFlight.earliestDeadlineMs));
  };

  #ping(): void {
    this.#scheduleFlush();
    const mark = this.#writer.beginFrame();
    this.#writer.int(xids.ping);
    this.#writer.int(opcodes.ping);
    this.#writer.endFrame(mark);
  }

  #closedByPeer(): CloseReason {
    if (this.#socketError === undefined) return { kind: 'ended' };
    return { kind: this.#helloSent ? 'broken' : 'refused', detail: this.#socketError };
  }

  #finish(reason: CloseReason): void {
    if (this.#over !== undefined) return;
    this.#over = reason;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    if (this.#opening !== undefined) {
      this.#opening({ kind: 'failed', reason, sent: this.#helloSent });
      return;
    }
    this.#inFlight.abandon(this.#nowNs());
    this.#listener.closed(reason);
  }
}

const noZxid = 0 as Zxid;

function reasonOf(error: Malformed): CloseReason {
  return error instanceof Oversized
    ? { kind: 'oversized', bytes: error.bytes, maxBytes: error.maxBytes }
    : { kind: 'malformed', detail: error.message };
}

/** The table entry of a request; the table pairs each kind with its own types, which a lookup by kind cannot say. */
function operationOf(request: Request): Operation<Request, unknown> {
  return operations[request.kind] as Operation<Request, unknown>;
}
