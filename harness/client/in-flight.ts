import { type Answer, type Call, notSent, type Settle, unanswered } from './call.ts';
import { errors } from './errors.ts';
import type { Request } from './requests.ts';

/** Xids with a meaning of their own (ClientCnxn). */
export const xids = { event: -1, ping: -2, auth: -4, setWatches: -8 } as const;

const lastXid = 0x7fffffff;

/**
 * The requests of a connection that wait for a reply, in the order of sending; replies come in the same order, so the
 * line is a ring that grows. Auth replies overtake the others and have a line of their own.
 */
export class InFlight {
  readonly #sid: number;
  #ring: (Call | undefined)[] = new Array(64);
  #head = 0;
  #length = 0;
  /** How many calls at the end of the ring have not been written to the socket. */
  #unwritten = 0;
  readonly #auths: Call[] = [];
  #xid = 0;

  constructor(sid: number) {
    this.#sid = sid;
  }

  nextXid({ kind }: Request): number {
    if (kind === 'setWatches') return xids.setWatches;
    if (kind === 'auth') return xids.auth;
    this.#xid = this.#xid === lastXid ? 1 : this.#xid + 1;
    return this.#xid;
  }

  add(call: Call): void {
    if (call.request.kind === 'auth') {
      this.#auths.push(call);
      return;
    }
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#length) & (this.#ring.length - 1)] = call;
    this.#length++;
    this.#unwritten++;
  }

  /** Everything added so far is handed to the socket at this moment. */
  written(atNs: number): void {
    for (let i = this.#length - this.#unwritten; i < this.#length; i++) this.#at(i).sentNs = atNs;
    for (const auth of this.#auths) if (auth.sentNs === 0) auth.sentNs = atNs;
    this.#unwritten = 0;
  }

  /** Whose reply comes next; undefined when no written request waits for one. */
  get next(): Call | undefined {
    return this.#length > this.#unwritten ? this.#ring[this.#head] : undefined;
  }

  shift(): void {
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length--;
  }

  shiftAuth(): Call | undefined {
    return this.#auths.shift();
  }

  /** Settles what is past its deadline. The calls stay in line: their replies may still come. */
  giveUpUntil(nowMs: number, nowNs: number): void {
    const { code } = errors.OPERATIONTIMEOUT;
    for (const call of this.#calls()) {
      if (call.deadlineAtMs <= nowMs) settleOnce(call, unanswered(code, call, this.#sid, nowNs));
    }
  }

  /** The next deadline that is still ahead of somebody; infinity when nobody waits. */
  get earliestDeadlineMs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const call of this.#calls()) {
      if (call.settle !== undefined && call.deadlineAtMs < earliest) earliest = call.deadlineAtMs;
    }
    return earliest;
  }

  /** The connection has ended: what was written is unknown, the rest was never sent. */
  abandon(nowNs: number): void {
    const { code } = errors.CONNECTIONLOSS;
    const written = this.#length - this.#unwritten;
    this.#calls().forEach((call, index) => {
      const unsent = index >= written && index < this.#length;
      settleOnce(call, unsent ? notSent(code, nowNs) : unanswered(code, call, this.#sid, nowNs));
    });
  }

  /** All calls, auths last; a copy, because settling one may add others. */
  #calls(): Call[] {
    return Array.from({ length: this.#length }, (_, i) => this.#at(i)).concat(this.#auths);
  }

  #at(index: number): Call {
    return this.#ring[(this.#head + index) & (this.#ring.length - 1)]!;
  }

  #grow(): void {
    const { length } = this.#ring;
    const calls = Array.from({ length }, (_, i) => this.#at(i));
    this.#ring = [...calls, ...new Array(length)];
    this.#head = 0;
  }
}

/** Whether the call was still waiting for an answer. */
export function settleOnce(call: Call, answer: Answer<unknown>): boolean {
  const settle: Settle<unknown> | undefined = call.settle;
  call.settle = undefined;
  settle?.(answer);
  return settle !== undefined;
}
