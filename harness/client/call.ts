import type { Outcome, Zxid } from '../history/op.ts';
import type { Answers, Request } from './requests.ts';

/** What became of a request. */
export interface Answer<A> {
  outcome: Outcome;
  /** 0 for ok; -4 connection lost (or none), -7 deadline passed, else the server's code. */
  error: number;
  /** Of the reply header; 0 when there was no reply or it carried none. */
  zxid: Zxid;
  /** The request's number on its connection; 0 when it was never written. */
  xid: number;
  /** Server the request was written to; 0 when it never was. */
  sid: number;
  /** Decoded body; null without one, so also for every error except a failed multi. */
  body: A | null;
  /** When the request was handed to the socket (with all others of its turn); when it failed, if it never was. */
  sentNs: number;
  /** When the bytes of the answer had been read from the socket, or the wait for it ended. */
  returnedNs: number;
}

export type AnswerTo<K extends Request['kind']> = Answer<Answers[K]>;

/** Called once per request, while the replies of a chunk are being read. */
export type Settle<A> = (answer: Answer<A>) => void;

/** A request on its way. */
export interface Call {
  readonly xid: number;
  readonly request: Request;
  /** On the `performance.now()` scale, ms. */
  readonly deadlineAtMs: number;
  /** When it was handed to the socket; 0 before. */
  sentNs: number;
  /** Undefined once the deadline has settled it; its reply is still to come and will be dropped. */
  settle: Settle<unknown> | undefined;
}

const noZxid = 0 as Zxid;

/** The answer of a request that never reached a socket. */
export function notSent(error: number, atNs: number): Answer<never> {
  return {
    outcome: 'notSent',
    error,
    zxid: noZxid,
    xid: 0,
    sid: 0,
    body: null,
    sentNs: atNs,
    returnedNs: atNs,
  };
}

/** The answer of a request that was written and not answered. One given up in the very turn of its write is sent after. */
export function unanswered(error: number, call: Call, sid: number, atNs: number): Answer<never> {
  const { xid, sentNs } = call;
  return {
    outcome: 'unknown',
    error,
    zxid: noZxid,
    xid,
    sid,
    body: null,
    sentNs: sentNs === 0 ? atNs : sentNs,
    returnedNs: atNs,
  };
}
