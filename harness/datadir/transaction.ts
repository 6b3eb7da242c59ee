import { type Acl, readAcls } from '../client/acl.ts';
import { Malformed, Reader } from '../client/jute.ts';
import { textOf } from '../client/recorded-text.ts';
import { opcodes } from '../client/requests.ts';
import type { Zxid } from '../history/op.ts';

/** What every transaction says of itself (zookeeper.jute, `TxnHeader`). */
interface TransactionHeader {
  zxid: Zxid;
  /** Who asked for it: the session as 16 hex digits, and the request's xid. */
  session: string;
  cxid: number;
  /** The leader's clock, ms since 1970. */
  timeMs: number;
}

/** What a transaction does, by the name of its opcode. Data is text where it is UTF-8, else `bytes:<hex>`. */
export type Change =
  | {
      type: 'create' | 'create2' | 'createContainer' | 'createTTL';
      path: string;
      value: string | null;
      acls: Acl[];
      ephemeral: boolean;
      /** The parent's count of changes to its children; -1 in logs of 3.3 (`CreateTxnV0`). */
      parentCversion: number;
      ttlMs?: number;
    }
  | { type: 'delete' | 'deleteContainer'; path: string }
  | { type: 'setData' | 'reconfig'; path: string; value: string | null; version: number }
  | { type: 'setACL'; path: string; acls: Acl[]; version: number }
  /** `version` is one above the version that was asked for (PrepRequestProcessor.checkAndIncVersion). */
  | { type: 'check'; path: string; version: number }
  | { type: 'createSession'; timeoutMs: number }
  /** `paths`: the ephemerals it deletes, as 3.6 and later write them down. */
  | { type: 'closeSession'; paths?: string[] }
  /** A refused request: it changes nothing and has its zxid all the same. */
  | { type: 'error'; error: number }
  | { type: 'multi'; parts: Change[] }
  /** A type no release writes, or a body that is not what its type says; no server could read it. */
  | { type: 'unreadable'; opcode: number; body: string };

export type Transaction = TransactionHeader & Change;

/**
 * Whether it changes nothing. A multi that failed keeps the parts before the one that failed as they would have been,
 * and is not applied all the same (DataTree.processTxn, case multi).
 */
export function isRefusal(change: Change): boolean {
  return (
    change.type === 'error' || (change.type === 'multi' && change.parts.some(({ type }) => type === 'error'))
  );
}

/** What the leader's tree amounted to after a transaction (`TxnDigest`, 3.6 and later). */
export interface TreeDigest {
  version: number;
  digest: string;
}

/**
 * Whether two servers logged the same. Servers before 3.6 leave out the ephemerals of a closeSession, whoever leads. Of a
 * multi that failed only its errors count: a server that applies it before its log is written marks the other parts as
 * errors in the very record that is then logged (DataTree.processTxn, `subtxn.setType(OpCode.error)`), and none of them is
 * ever applied.
 */
export function sameTransaction(one: Transaction, other: Transaction): boolean {
  if (one.zxid !== other.zxid) return false;
  if (one.type !== 'closeSession' || other.type !== 'closeSession')
    return contentOf(one) === contentOf(other);
  const either = one.paths === undefined || other.paths === undefined;
  return either
    ? contentOf({ ...one, paths: [] }) === contentOf({ ...other, paths: [] })
    : contentOf(one) === contentOf(other);
}

const contentOf = (transaction: Transaction) => JSON.stringify(withoutRefused(transaction));

function withoutRefused(transaction: Transaction): object {
  if (transaction.type !== 'multi' || !isRefusal(transaction)) return transaction;
  const parts = transaction.parts.map((part) => (part.type === 'error' ? part : 'not applied'));
  return { ...transaction, parts };
}

/** `TxnDigest`: an int and a long. */
const digestBytes = 12;
/** Type and length: the least a part of a multi can have. */
const partBytes = 8;

/** Opcodes of transactions that no client sends (ZooDefs.OpCode). */
const ownOpcodes = { error: -1, createSession: -10, reconfig: 16, deleteContainer: 20 } as const;

/** Body by opcode, for all releases (SerializeUtils.deserializeTxn, DataTree.processTxn of 3.4.14 to 3.9.5). */
const readers = new Map<number, (reader: Reader) => Change>([
  [opcodes.create, (reader) => ({ type: 'create', ...readCreate(reader) })],
  [opcodes.create2, (reader) => ({ type: 'create2', ...readCreate(reader) })],
  [opcodes.createContainer, (reader) => ({ type: 'createContainer', ...readLasting(reader) })],
  [opcodes.createTTL, (reader) => ({ type: 'createTTL', ...readLasting(reader), ttlMs: reader.long() })],
  [opcodes.delete, (reader) => ({ type: 'delete', path: reader.text() })],
  [ownOpcodes.deleteContainer, (reader) => ({ type: 'deleteContainer', path: reader.text() })],
  [opcodes.setData, (reader) => ({ type: 'setData', ...readSetData(reader) })],
  [ownOpcodes.reconfig, (reader) => ({ type: 'reconfig', ...readSetData(reader) })],
  [
    opcodes.setACL,
    (reader) => ({ type: 'setACL', path: reader.text(), acls: readAcls(reader), version: reader.int() }),
  ],
  [opcodes.check, (reader) => ({ type: 'check', path: reader.text(), version: reader.int() })],
  [ownOpcodes.createSession, (reader) => ({ type: 'createSession', timeoutMs: reader.int() })],
  [
    opcodes.closeSession,
    (reader) => ({ type: 'closeSession', paths: reader.vector(4, () => readPath(reader)) }),
  ],
  [ownOpcodes.error, (reader) => ({ type: 'error', error: reader.int() })],
  [opcodes.multi, (reader) => ({ type: 'multi', parts: reader.vector(partBytes, () => readPart(reader)) })],
]);

/** One whole record of a log. Throws `Malformed` when its header cannot be read; a body that cannot is `unreadable`. */
export function readTransaction(bytes: Buffer): { transaction: Transaction; digest?: TreeDigest } {
  const reader = new Reader(bytes);
  const session = reader.hexLong();
  const cxid = reader.int();
  const zxid = reader.zxid();
  const timeMs = reader.long();
  const { change, digest } = readBody(reader.int(), reader.rest());
  return { transaction: { zxid, session, cxid, timeMs, ...change }, ...(digest && { digest }) };
}

function readBody(opcode: number, body: Buffer): { change: Change; digest?: TreeDigest } {
  const whole = readWhole(opcode, body);
  if (whole) return whole;
  // 3.5 and older, and 3.6 with zookeeper.closeSessionTxn.enabled=false: no list of ephemerals.
  const bare: Change = { type: 'closeSession' };
  if (opcode === opcodes.closeSession && body.length === 0) return { change: bare };
  if (opcode === opcodes.closeSession && body.length === digestBytes)
    return { change: bare, digest: readDigest(new Reader(body)) };
  return { change: unreadable(opcode, body) };
}

/** Undefined when the bytes are not the record of that opcode, with or without a digest behind it. */
function readWhole(opcode: number, body: Buffer): { change: Change; digest?: TreeDigest } | undefined {
  const read = readers.get(opcode);
  if (!read) return undefined;
  const reader = new Reader(body);
  try {
    const change = read(reader);
    if (reader.remaining === 0) return { change };
    return reader.remaining === digestBytes ? { change, digest: readDigest(reader) } : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

const readDigest = (reader: Reader): TreeDigest => ({ version: reader.int(), digest: reader.hexLong() });

const unreadable = (opcode: number, body: Buffer): Change => ({
  type: 'unreadable',
  opcode,
  body: body.toString('hex'),
});

/** A digest alone must not pass for a list of empty paths. */
function readPath(reader: Reader): string {
  const path = reader.text();
  if (path === '') throw new Malformed('an empty path');
  return path;
}

function readCreate(reader: Reader) {
  return {
    path: reader.text(),
    value: textOf(reader.bytes()),
    acls: readAcls(reader),
    ephemeral: reader.bool(),
    // CreateTxnV0 of 3.3 ends here.
    parentCversion: reader.remaining === 0 ? -1 : reader.int(),
  };
}

/** Containers and TTL nodes are never ephemeral (`CreateContainerTxn`, `CreateTTLTxn`). */
function readLasting(reader: Reader) {
  return {
    path: reader.text(),
    value: textOf(reader.bytes()),
    acls: readAcls(reader),
    ephemeral: false,
    parentCversion: reader.int(),
  };
}

const readSetData = (reader: Reader) => ({
  path: reader.text(),
  value: textOf(reader.bytes()),
  version: reader.int(),
});

/** Parts of a multi are transactions without a header, each in a buffer of its own (`Txn`). */
function readPart(reader: Reader): Change {
  const opcode = reader.int();
  const body = reader.bytes() ?? Buffer.alloc(0);
  const whole = readWhole(opcode, body);
  return whole && !whole.digest ? whole.change : unreadable(opcode, body);
}
