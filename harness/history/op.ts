/**
 * One client operation as it is stored: one row of the history. Everything the rules know about clients is here.
 * Rows are appended when an operation completes, so the file is ordered by return time per worker, not by invocation.
 */

/** A ZooKeeper transaction id: epoch in the high, counter in the low 32 bits; a double, exact while epoch < 2^21. */
declare const zxidBrand: unique symbol;
export type Zxid = number & { readonly [zxidBrand]: true };

export const zxidOf = (epoch: number, counter: number) => (epoch * 2 ** 32 + counter) as Zxid;
export const epochOf = (zxid: Zxid) => Math.floor(zxid / 2 ** 32);
export const formatZxid = (zxid: Zxid) => `0x${zxid.toString(16)}`;

/** Stored as the index into this list; append only, never reorder. */
export const opKinds = [
  'connect', // value: logical client name; result: session id in hex; version: negotiated timeout in ms
  'close',
  'expired', // the server said that the session is gone
  'create', // also create2, container and ttl (see flags); result: the name created; value: the data
  'delete',
  'exists',
  'getData',
  'setData',
  'getChildren', // result: the children as a JSON array, sorted
  'sync',
  'multi', // value: JSON of the parts; result: JSON of the parts' results
  'getACL',
  'setACL',
  'addWatch',
  'removeWatches',
  'event', // a watch event received; value: event type name; path: as delivered; zxid when the server sends one
  'check', // a CheckVersion that is no part of a multi: no client library sends it
] as const;
export type OpKind = (typeof opKinds)[number];

/**
 * `ok`: done, with this zxid. `fail`: the server refused (error says why); definitely not applied. `unknown`: sent,
 * no answer. `notSent`: never written to a socket, so definitely not applied and not an observation either.
 */
export const outcomes = ['ok', 'fail', 'unknown', 'notSent'] as const;
export type Outcome = (typeof outcomes)[number];

/** Which part of a scenario the op belongs to. `final` reads every node on every server; `poweroff` does so again after all servers lost power. */
export const phases = ['setup', 'workload', 'final', 'poweroff'] as const;
export type Phase = (typeof phases)[number];

/** Bits of `flags`. The low three are ZooKeeper's CreateMode (0 persistent, 1 ephemeral, 2 sequential, 3 both, 4 container, 5 ttl, 6 ttl sequential). */
export const flagBits = { createMode: 0b111, watch: 0b1000, stat: 0b10000 } as const;

/** "Any version" of a conditional operation (ZooKeeper's -1). */
export const anyVersion = -1;

/** A znode's Stat, as the wire carries it (68 bytes). Zxids as numbers, times in ms since 1970. */
export interface Stat {
  czxid: Zxid;
  mzxid: Zxid;
  ctimeMs: number;
  mtimeMs: number;
  version: number;
  cversion: number;
  aversion: number;
  /** Session id as 16 hex digits, or '0'. */
  ephemeralOwner: string;
  dataLength: number;
  numChildren: number;
  pzxid: Zxid;
}

export interface Op {
  /** Recorded session, unique in the scenario; a reconnect keeps it, a new ZooKeeper session gets a new one. */
  session: number;
  /** Request number on its connection, rises in send order; 0 where there is none. */
  xid: number;
  kind: OpKind;
  /** Server (sid) of the connection the request was written to; 0 when never sent. */
  server: number;
  phase: Phase;
  outcome: Outcome;
  /** ZooKeeper error code: 0 for ok, -4 connection lost, -7 deadline passed, else the server's. */
  error: number;
  /**
   * ns since the scenario's origin: when the request was handed to the socket, and when the bytes of its answer had
   * been read from it. What the server did lies between. Requests written together share a time, and so do answers
   * received together; one never sent has the moment of its failure twice.
   */
  invokedNs: number;
  returnedNs: number;
  /** Zxid of the reply header; 0 when there was no reply or it carried none (-1, 0). */
  zxid: Zxid;
  path: string;
  /** Data written or read (UTF-8; workloads write text only); null for none. */
  value: string | null;
  /** Version a conditional write asked for; `anyVersion` when it asked for none. */
  version: number;
  flags: number;
  stat: Stat | null;
  result: string | null;
}

/** A row in which nothing has happened yet. */
export const blankOp = (kind: OpKind, path: string): Op => ({
  session: 0,
  xid: 0,
  kind,
  server: 0,
  phase: 'workload',
  outcome: 'notSent',
  error: 0,
  invokedNs: 0,
  returnedNs: 0,
  zxid: 0 as Zxid,
  path,
  value: null,
  version: anyVersion,
  flags: 0,
  stat: null,
  result: null,
});

/** Where recorded sessions put their ops; the history writer is one, a test's array another. */
export interface OpSink {
  append(op: Op): void;
}
