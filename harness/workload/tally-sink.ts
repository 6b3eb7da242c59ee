import type { Op, OpKind, OpSink } from '../history/op.ts';
import type { Tally } from './messages.ts';

/** Operations that change something when they are acknowledged. */
export const writeKinds: ReadonlySet<OpKind> = new Set(['create', 'delete', 'setData', 'setACL', 'multi']);

/** Sessions that clients were told have expired, and when any client connected last, by the clock of the history. */
export interface Expiries {
  expired: number;
  lastConnectNs: number;
}

/** Counts what passes on its way to the history. Connects, closes and events are not counted as operations. */
export class TallySink implements OpSink {
  readonly totals: Omit<Tally, 'connected' | 'sessions'> = {
    ok: 0,
    fail: 0,
    unknown: 0,
    ackedWrites: 0,
    lastAckNs: 0,
  };
  readonly expiries: Expiries = { expired: 0, lastConnectNs: 0 };
  readonly #next: OpSink;

  constructor(next: OpSink) {
    this.#next = next;
  }

  append(op: Op): void {
    this.#next.append(op);
    if (op.kind === 'expired') this.expiries.expired++;
    if (op.kind === 'connect' && op.outcome === 'ok') this.expiries.lastConnectNs = op.returnedNs;
    if (op.kind === 'connect' || op.kind === 'close' || op.kind === 'expired' || op.kind === 'event') return;
    if (op.outcome !== 'notSent') this.totals[op.outcome]++;
    if (op.outcome !== 'ok' || !writeKinds.has(op.kind)) return;
    this.totals.ackedWrites++;
    this.totals.lastAckNs = Math.max(this.totals.lastAckNs, op.returnedNs);
  }
}
