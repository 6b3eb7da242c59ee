import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '../base/trouble.ts';
import { type Acl, readAcls } from '../client/acl.ts';
import { Malformed, Reader } from '../client/jute.ts';
import { textOf } from '../client/recorded-text.ts';
import type { Zxid } from '../history/op.ts';
import { adler32 } from './adler32.ts';
import { unsnappy } from './snappy.ts';
import type { TreeDigest } from './transaction.ts';

/** A znode as a snapshot holds it (DataNode; `StatPersisted`). The root is "/". */
interface StoredNode {
  path: string;
  value: string | null;
  /** Key of its ACL in `acls`; -1 for the open one. */
  acl: string;
  czxid: Zxid;
  mzxid: Zxid;
  pzxid: Zxid;
  ctimeMs: number;
  mtimeMs: number;
  version: number;
  /** Changes to its children; not doubled as in the Stat on the wire. */
  cversion: number;
  aversion: number;
  ephemeralOwner: string;
}

export interface Snapshot {
  /** Timeouts in ms by session id. */
  sessions: Map<string, number>;
  acls: Map<string, Acl[]>;
  nodes: StoredNode[];
  /** 3.6 and later: the digest of the tree, and after which transaction it was that. */
  digest?: TreeDigest & { zxid: Zxid };
  /** 3.9 and later: the last transaction the snapshot holds for sure. */
  lastZxid?: Zxid;
}

const magic = Buffer.from('ZKSN');
const version = 2;
/** A checksum in a long, and "/" as a string (SnapStream.sealStream). */
const sealBytes = 13;
/** The last zxid and its seal. */
const lastZxidBytes = 8 + sealBytes;
/** Id and timeout of a session; key and list of an ACL. */
const sessionBytes = 12;
const aclBytes = 12;

/**
 * Reads a whole snapshot, compressed or not (by its name: `.gz`, `.snappy`), and checks every seal (FileSnap,
 * SerializeUtils, DataTree of 3.4.14 to 3.9.5). Throws `Malformed` when it is not whole: a server would pass it over.
 */
export function readSnapshot(path: string): Snapshot {
  const bytes = plainBytes(path);
  if (!bytes.subarray(0, magic.length).equals(magic))
    throw new Malformed(`a beginning other than "${magic}"`);
  const seals = new Seals(bytes);
  const reader = new Reader(bytes, magic.length);
  const format = reader.int();
  if (format !== version) throw new Malformed(`format ${format}; only format ${version} is known`);
  // The id of the database, which is not used.
  reader.hexLong();
  const sessions = new Map(reader.vector(sessionBytes, () => [reader.hexLong(), reader.int()] as const));
  const acls = new Map(reader.vector(aclBytes, () => [reader.hexLong(), readAcls(reader)] as const));
  const snapshot: Snapshot = { sessions, acls, nodes: readNodes(reader) };
  seals.check(reader);
  // Each of these was added behind the seal of the release before, so that older servers read on.
  if (reader.remaining !== 0 && reader.remaining !== lastZxidBytes) {
    snapshot.digest = readDigest(reader);
    seals.check(reader);
  }
  if (reader.remaining === lastZxidBytes) {
    snapshot.lastZxid = reader.zxid();
    seals.check(reader);
  }
  reader.expectEnd();
  return snapshot;
}

function plainBytes(path: string): Buffer {
  const bytes = readFileSync(path);
  if (path.endsWith('.snappy')) return unsnappy(bytes);
  if (!path.endsWith('.gz')) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Malformed(messageOf(error));
  }
}

/** The checksum before each seal covers everything before it, earlier seals included. */
class Seals {
  readonly #bytes: Buffer;
  #summed = 0;
  #sum = 1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  check(reader: Reader): void {
    const at = this.#bytes.length - reader.remaining;
    this.#sum = adler32(this.#bytes.subarray(this.#summed, at), this.#sum);
    this.#summed = at;
    const stored = [reader.int(), reader.int() >>> 0];
    if (stored[0] !== 0 || stored[1] !== this.#sum) throw new Malformed('a checksum that does not match');
    if (reader.text() !== '/') throw new Malformed('a seal without its end');
  }
}

/** The node "/" marks the end; the root itself has the path "". */
function readNodes(reader: Reader): StoredNode[] {
  const nodes: StoredNode[] = [];
  for (let path = reader.text(); path !== '/'; path = reader.text()) {
    nodes.push({
      path: path === '' ? '/' : path,
      value: textOf(reader.bytes()),
      acl: reader.hexLong(),
      czxid: reader.zxid(),
      mzxid: reader.zxid(),
      ctimeMs: reader.long(),
      mtimeMs: reader.long(),
      version: reader.int(),
      cversion: reader.int(),
      aversion: reader.int(),
      ephemeralOwner: reader.hexLong(),
      pzxid: reader.zxid(),
    });
  }
  return nodes;
}

/** DataTree.ZxidDigest: before digest version 2 the digest was text. */
function readDigest(reader: Reader): TreeDigest & { zxid: Zxid } {
  const zxid = reader.zxid();
  const digestVersion = reader.int();
  return {
    zxid,
    version: digestVersion,
    digest: digestVersion < 2 ? (reader.ustring() ?? '0') : reader.hexLong(),
  };
}
