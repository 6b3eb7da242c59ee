import { Writer } from '../client/jute.ts';
import type { StoredFile, StoredState } from '../topology/stored-state.ts';
import { adler32 } from './adler32.ts';

/** FileTxnLog.TXNLOG_MAGIC and FileSnap.SNAP_MAGIC; format 2 since 3.0. */
const logMagic = Buffer.from('ZKLG');
const snapshotMagic = Buffer.from('ZKSN');
const format = 2;
/** ZooDefs.OpCode.create. */
const create = 1;
/** Ids.OPEN_ACL_UNSAFE: every permission bit for world:anyone; and its number in a tree (ReferenceCountedACLCache). */
const allPermissions = 31;
const openAclNumber = -1;
/** Transactions need a time; every server gets the same, long past. 2020-01-01. */
const writtenAtMs = Date.UTC(2020, 0, 1);

/**
 * The files of a server that stored exactly this: an empty snapshot, one transaction log, the epoch files. Each
 * transaction creates a node of its own below "/", so two servers that hold the same zxid hold the same transaction.
 */
export function stateFiles({ log, currentEpoch, acceptedEpoch }: StoredState): StoredFile[] {
  const zxids = log.flatMap(([epoch, count]) =>
    Array.from({ length: count }, (_, i) => epoch * 2 ** 32 + i + 1),
  );
  const lastEpoch = log.at(-1)?.[0] ?? 0;
  const current = currentEpoch ?? lastEpoch;
  const [first] = zxids;
  return [
    { area: 'data', path: 'version-2/snapshot.0', bytes: emptySnapshot() },
    { area: 'data', path: 'version-2/currentEpoch', bytes: Buffer.from(`${current}`) },
    { area: 'data', path: 'version-2/acceptedEpoch', bytes: Buffer.from(`${acceptedEpoch ?? current}`) },
    ...(first === undefined
      ? []
      : [{ area: 'log' as const, path: `version-2/log.${first.toString(16)}`, bytes: logOf(zxids) }]),
  ];
}

function logOf(zxids: readonly number[]): Buffer {
  const file = new Writer();
  header(file, logMagic, 0);
  for (const [i, zxid] of zxids.entries()) {
    const body = creation(zxid, i + 1);
    // Util.writeTxnBytes and FileTxnLog.append: checksum, length, bytes, 'B'.
    file.long(adler32(body));
    file.bytes(body);
    file.raw(Buffer.from('B'));
  }
  return Buffer.from(file.take());
}

/** A TxnHeader and a CreateTxn. `cversion`: how many children the root has had. */
function creation(zxid: number, cversion: number): Buffer {
  const body = new Writer();
  body.long(1); // session
  body.int(cversion); // cxid
  body.long(zxid);
  body.long(writtenAtMs);
  body.int(create);
  body.bytes(`/stored-${zxid.toString(16)}`);
  body.bytes('stored');
  body.vector([allPermissions], (permissions) => {
    body.int(permissions);
    body.bytes('world');
    body.bytes('anyone');
  });
  body.bool(false); // ephemeral
  body.int(cversion);
  return Buffer.from(body.take());
}

/** No session, no access list, and the nodes a server makes for itself (DataTree.serialize, SnapStream.sealStream). */
function emptySnapshot(): Buffer {
  const snapshot = new Writer();
  header(snapshot, snapshotMagic, -1);
  snapshot.int(0); // sessions
  snapshot.int(0); // access lists
  for (const path of ['', '/zookeeper', '/zookeeper/quota']) {
    snapshot.bytes(path);
    snapshot.bytes('');
    snapshot.long(openAclNumber);
    for (let i = 0; i < 4; i++) snapshot.long(0); // czxid, mzxid, ctime, mtime
    for (let i = 0; i < 3; i++) snapshot.int(0); // version, cversion, aversion
    snapshot.long(0); // owner
    snapshot.long(0); // pzxid
  }
  snapshot.bytes('/');
  const body = Buffer.from(snapshot.take());
  const seal = new Writer();
  seal.long(adler32(body));
  seal.bytes('/');
  return Buffer.concat([body, seal.take()]);
}

function header(file: Writer, magic: Buffer, database: number): void {
  file.raw(magic);
  file.int(format);
  file.long(database);
}
