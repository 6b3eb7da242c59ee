import { blankOp, type Op, type OpKind, type Stat, type Zxid, zxidOf } from '../../harness/history/op.ts';
import type { Evidence } from '../../harness/rule/rule.ts';
import { evidenceOf, simulate } from './simulated-ensemble.ts';

/** A small quiet run whose setting (topology, journal, ledger) hand-made histories borrow. */
const quiet = simulate(1, { trouble: false, events: 60 });

/** Each operation is invoked after the one before has returned. */
export function evidenceFor(ops: readonly Op[]): Evidence {
  return evidenceOf(quiet, inTurn(ops));
}

export const inTurn = (ops: readonly Op[]): Op[] =>
  ops.map((op, i) => ({ ...op, xid: i + 1, invokedNs: i * 1e6, returnedNs: i * 1e6 + 5e5 }));

const zxid = (counter: number) => zxidOf(1, counter);

export function row(kind: OpKind, path: string, counter: number, more: Partial<Op> = {}): Op {
  return {
    ...blankOp(kind, path),
    session: 1,
    server: 1,
    outcome: 'ok',
    zxid: counter === 0 ? (0 as Zxid) : zxid(counter),
    result: kind === 'create' ? path : null,
    ...more,
  };
}

export const statOf = (
  czxid: number,
  mzxid: number,
  version: number,
  value: string,
  more: Partial<Stat> = {},
): Stat => ({
  czxid: zxid(czxid),
  mzxid: zxid(mzxid),
  pzxid: zxid(czxid),
  ctimeMs: 0,
  mtimeMs: 0,
  version,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0',
  dataLength: value.length,
  numChildren: 0,
  ...more,
});

/** The tree's root and one register holding "a" (zxids 1 and 2). */
export const register = '/gauntlet/r';
export const beginning = () => [row('create', '/gauntlet', 1), row('create', register, 2, { value: 'a' })];

export const wrote = (counter: number, version: number, value: string, more: Partial<Op> = {}) =>
  row('setData', register, counter, { value, stat: statOf(2, counter, version, value), ...more });
export const read = (at: number, mzxid: number, version: number, value: string, more: Partial<Op> = {}) =>
  row('getData', register, at, { value, stat: statOf(2, mzxid, version, value), ...more });
export const lost = (kind: OpKind, path: string, more: Partial<Op> = {}) =>
  row(kind, path, 0, { outcome: 'unknown', error: -4, result: null, ...more });
