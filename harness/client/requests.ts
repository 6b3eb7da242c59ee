import type { Stat } from '../history/op.ts';
import type { Acl } from './acl.ts';

/** ZooDefs.OpCode. A server answers an opcode newer than itself with UNIMPLEMENTED and closes the connection. */
export const opcodes = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15, // 3.5
  removeWatches: 18, // 3.5
  createContainer: 19, // 3.5.1
  createTTL: 21, // 3.5.3
  auth: 100,
  setWatches: 101,
  setWatches2: 105, // 3.6
  addWatch: 106, // 3.6
  closeSession: -11,
} as const;

/** CreateMode by its flag on the wire. */
export const createModes = {
  persistent: 0,
  ephemeral: 1,
  persistentSequential: 2,
  ephemeralSequential: 3,
  container: 4,
  persistentTtl: 5,
  persistentSequentialTtl: 6,
} as const;
export type CreateMode = (typeof createModes)[keyof typeof createModes];

/** AddWatchMode by its number on the wire. */
export const addWatchModes = { persistent: 0, persistentRecursive: 1 } as const;
export type AddWatchMode = keyof typeof addWatchModes;

/** Watcher.WatcherType by its number on the wire; `any` also removes persistent watches. */
export const watcherTypes = { children: 1, data: 2, any: 3 } as const;
export type WatcherType = keyof typeof watcherTypes;

/** What a node holds: text (sent as UTF-8), bytes, or nothing. */
export type Data = string | Uint8Array | null;

export interface CreateRequest {
  kind: 'create';
  path: string;
  data: Data;
  acls: readonly Acl[];
  mode: CreateMode;
  /** Only for the two TTL modes. */
  ttlMs: number;
  /** Ask for the Stat with create2 (3.5 and later); container and TTL nodes always answer with one. */
  stat: boolean;
}

/** Every request as data. `version` -1 asks for no version. */
export type Request =
  | CreateRequest
  | { kind: 'delete'; path: string; version: number }
  | { kind: 'exists'; path: string; watch: boolean }
  | { kind: 'getData'; path: string; watch: boolean }
  | { kind: 'setData'; path: string; data: Data; version: number }
  | { kind: 'getChildren'; path: string; watch: boolean }
  | { kind: 'sync'; path: string }
  | { kind: 'multi'; parts: readonly MultiPart[] }
  | CheckRequest
  | { kind: 'getACL'; path: string }
  | { kind: 'setACL'; path: string; acls: readonly Acl[]; version: number }
  | { kind: 'addWatch'; path: string; mode: AddWatchMode }
  | { kind: 'removeWatches'; path: string; type: WatcherType }
  | { kind: 'setWatches'; relativeZxid: number; watches: WatchLists }
  | { kind: 'auth'; scheme: string; credentials: string }
  | { kind: 'closeSession' }
  | { kind: 'raw'; opcode: number; body: Uint8Array };

/** Paths to watch again after a reconnect; the last two need setWatches2 (3.6). */
export interface WatchLists {
  data: readonly string[];
  exist: readonly string[];
  child: readonly string[];
  persistent: readonly string[];
  persistentRecursive: readonly string[];
}

/** Meant as a part of a multi. On its own it ends a leader of releases before 3.8.5 and 3.9.3 (ZOOKEEPER-2623). */
interface CheckRequest {
  kind: 'check';
  path: string;
  version: number;
}

/** A part of a multi. */
export type MultiPart =
  | CreateRequest
  | { kind: 'delete'; path: string; version: number }
  | { kind: 'setData'; path: string; data: Data; version: number }
  | CheckRequest;

/** What became of a part; in a failed multi every part is an `error`, with code 0 before the part that failed. */
export type PartResult =
  | { kind: 'create'; name: string; stat: Stat | null }
  | { kind: 'delete' }
  | { kind: 'setData'; stat: Stat }
  | { kind: 'check' }
  | { kind: 'error'; error: number };

/** What an answer without error carries, by kind of request. */
export interface Answers {
  create: { name: string; stat: Stat | null };
  delete: null;
  exists: Stat;
  /** `data` is text where the bytes are UTF-8, else the bytes. */
  getData: { data: string | Buffer | null; stat: Stat };
  setData: Stat;
  /** In the server's order, which is none. */
  getChildren: { children: string[]; stat: Stat };
  sync: string;
  multi: PartResult[];
  check: null;
  getACL: { acls: Acl[]; stat: Stat };
  setACL: Stat;
  addWatch: null;
  removeWatches: null;
  setWatches: null;
  auth: null;
  closeSession: null;
  raw: Buffer;
}

export type RequestOf<K extends Request['kind']> = Extract<Request, { kind: K }>;
