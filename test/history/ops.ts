import fc from 'fast-check';
import {
  type Op,
  opKinds,
  outcomes,
  phases,
  type Stat,
  type Zxid,
  zxidOf,
} from '../../harness/history/op.ts';

const zxid = fc.tuple(fc.nat(2 ** 20), fc.nat(2 ** 32 - 1)).map(([epoch, counter]) => zxidOf(epoch, counter));

const statOf: fc.Arbitrary<Stat> = fc.record({
  czxid: zxid,
  mzxid: zxid,
  ctimeMs: fc.nat(2 ** 45),
  mtimeMs: fc.nat(2 ** 45),
  version: fc.integer({ min: -1 }),
  cversion: fc.integer(),
  aversion: fc.integer(),
  ephemeralOwner: fc.oneof(
    fc.constant('0'),
    fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map((id) => id.toString(16).padStart(16, '0')),
  ),
  dataLength: fc.nat(),
  numChildren: fc.nat(),
  pzxid: zxid,
});

const text = fc.string({ unit: 'grapheme', maxLength: 70 });

/** Any op that could be stored, sensible or not. */
export const anyOp: fc.Arbitrary<Op> = fc
  .record({
    session: fc.nat(),
    xid: fc.integer(),
    kind: fc.constantFrom(...opKinds),
    server: fc.nat(255),
    phase: fc.constantFrom(...phases),
    outcome: fc.constantFrom(...outcomes),
    error: fc.integer({ min: -128, max: 0 }),
    invokedNs: fc.nat(2 ** 50),
    returnedNs: fc.nat(2 ** 50),
    zxid: fc.oneof(zxid, fc.constant(0 as Zxid)),
    path: text,
    value: fc.option(text),
    version: fc.integer({ min: -1 }),
    flags: fc.nat(31),
    stat: fc.option(statOf),
    result: fc.option(text),
  })
  .map((op) => op as Op);
