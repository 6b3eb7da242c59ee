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

const wildOp: fc.Arbitrary<Op> = fc
  .record({
    session: fc.nat(),
    xid: fc.integer(),
    kind: fc.constantFrom(...opKinds),
    server: fc.nat(255),
    phase: fc.constantFrom(...phases),
    outcome: fc.constantFrom(...outcomes),
    error: fc.oneof(fc.integer({ min: -128, max: 127 }), fc.integer()),
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

const small = fc.constantFrom(0, 1, 2, 3);

/** What a server really answers: fields of a row that follow from each other, and few different nodes. */
const likelyOp: fc.Arbitrary<Op> = fc
  .record({
    session: small,
    kind: fc.constantFrom<Op['kind']>('getData', 'setData', 'create'),
    path: small.map((n) => `/n${n}`),
    value: fc.option(fc.string({ maxLength: 9 })),
    zxid: fc.nat(1000).map((counter) => zxidOf(3, counter + 100)),
    back: fc.oneof(small, fc.constant(2 ** 32), fc.constant(-1)),
    afterMs: fc.oneof(small, fc.constant(2 ** 32), fc.constant(-1)),
    statVersion: small,
    conditional: fc.constantFrom('no', 'yes', 'broken'),
    answered: fc.boolean(),
    longer: fc.constantFrom(0, 0, 1),
    cversion: small,
  })
  .map(({ session, kind, path, value, zxid, back, afterMs, statVersion, conditional, ...rest }): Op => {
    const asked = { no: -1, yes: statVersion - 1, broken: statVersion + 3 }[conditional];
    const ctimeMs = 1_700_000_000_000;
    const stat: Stat = {
      czxid: zxidOf(3, 5),
      mzxid: (zxid - back) as Zxid,
      ctimeMs,
      mtimeMs: ctimeMs + afterMs,
      version: statVersion,
      cversion: rest.cversion,
      aversion: 0,
      ephemeralOwner: '0',
      dataLength: Buffer.byteLength(value ?? '') + rest.longer,
      numChildren: 0,
      pzxid: zxidOf(3, 5),
    };
    return {
      ...{ session, kind, path, value, zxid, version: asked, xid: 7, server: 2, phase: 'workload', flags: 0 },
      ...{ outcome: rest.answered ? 'ok' : 'unknown', error: rest.answered ? 0 : -4 },
      ...{ invokedNs: 1_000_000, returnedNs: 2_000_000 },
      stat: rest.answered ? stat : null,
      result: rest.answered && kind === 'create' ? path : null,
    };
  });

/** Any op that could be stored, likely or not. */
export const anyOp: fc.Arbitrary<Op> = fc.oneof(wildOp, likelyOp);
