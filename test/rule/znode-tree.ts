import type { Stat, Zxid } from '../../harness/history/op.ts';
import type { EventType } from '../../harness/rule/watch/changes.ts';

/** A znode as a server holds it. */
interface Znode {
  data: string | null;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctimeMs: number;
  mtimeMs: number;
  version: number;
  aversion: number;
  acls: string;
  /** Children ever created: the counter behind sequential names. */
  creates: number;
  owner: string;
  children: Set<string>;
}

export type Request =
  | { kind: 'create'; path: string; value: string | null; mode: number }
  | { kind: 'delete'; path: string; version: number }
  | { kind: 'setData'; path: string; value: string | null; version: number }
  | { kind: 'setACL'; path: string; acls: string; version: number }
  | { kind: 'check'; path: string; version: number }
  | { kind: 'multi'; parts: Part[] }
  /** Beginning or end of a session. */
  | { kind: 'session'; ends: boolean };
export type Part = Exclude<Request, { kind: 'multi' | 'session' | 'setACL' }>;

export interface Transaction {
  zxid: number;
  /** ZooKeeper's id of the session, 16 hex digits. */
  owner: string;
  /** Number of the request on its connection; 0 where there is none. */
  cxid: number;
  timeMs: number;
  request: Request;
}

type PartResult =
  | { kind: 'create'; name: string; stat: null }
  | { kind: 'setData'; stat: Stat }
  | { kind: 'delete' | 'check' }
  | { kind: 'error'; error: number };

/** What watches fire for. */
export interface Fired {
  type: EventType;
  path: string;
}

export interface Result {
  error: number;
  name?: string;
  stat?: Stat;
  parts?: PartResult[];
}

const noNode = -101;
const badVersion = -103;
const nodeExists = -110;
const notEmpty = -111;
const ephemeralParent = -108;
/** What a failed multi says of the parts behind the one that failed. */
const afterFailure = -2;
/** As a client reads the open access list. */
const openAcls = JSON.stringify([{ perms: 31, scheme: 'world', id: 'anyone' }]);

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** ZooKeeper's data model as one state machine: the same transactions give the same tree on every server. */
export class ZnodeTree {
  private nodes = new Map<string, Znode>([['/', fresh(0, 0, null, '0')]]);
  /** What the last transaction fired, in order. */
  fired: Fired[] = [];

  stat(path: string): Stat | undefined {
    const node = this.nodes.get(path);
    return node && statOf(node);
  }

  data(path: string): string | null {
    return this.nodes.get(path)?.data ?? null;
  }

  acls(path: string): string {
    return this.nodes.get(path)!.acls;
  }

  children(path: string): string[] {
    return [...(this.nodes.get(path)?.children ?? [])].sort();
  }

  apply(transaction: Transaction): Result {
    const { request } = transaction;
    this.fired = [];
    if (request.kind === 'session') {
      if (request.ends) this.endSession(transaction);
      return { error: 0 };
    }
    if (request.kind === 'multi') return this.multi(transaction, request.parts);
    return this.single(transaction, request);
  }

  private endSession({ owner, zxid }: Transaction): void {
    for (const [path, node] of this.nodes) if (node.owner === owner) this.remove(path, zxid);
  }

  private multi(transaction: Transaction, parts: Part[]): Result {
    const before = new Map(
      [...this.nodes].map(([path, node]) => [path, { ...node, children: new Set(node.children) }]),
    );
    const results: PartResult[] = [];
    for (const [i, part] of parts.entries()) {
      const { error, name, stat } = this.single(transaction, part);
      if (error !== 0) {
        this.nodes = before;
        this.fired = [];
        const errors = parts.map((_, j) => (j < i ? 0 : j === i ? error : afterFailure));
        return { error, parts: errors.map((code) => ({ kind: 'error', error: code })) };
      }
      if (part.kind === 'create') results.push({ kind: 'create', name: name!, stat: null });
      else if (part.kind === 'setData') results.push({ kind: 'setData', stat: stat! });
      else results.push({ kind: part.kind });
    }
    return { error: 0, parts: results };
  }

  private single(transaction: Transaction, request: Exclude<Request, { kind: 'multi' | 'session' }>): Result {
    const { zxid, timeMs } = transaction;
    const { kind, path } = request;
    if (kind === 'create') return this.create(transaction, request);
    const node = this.nodes.get(path);
    if (!node) return { error: noNode };
    const version = kind === 'setACL' ? node.aversion : node.version;
    if (request.version >= 0 && request.version !== version) return { error: badVersion };
    if (kind === 'delete') {
      if (node.children.size > 0) return { error: notEmpty };
      this.remove(path, zxid);
      return { error: 0 };
    }
    if (kind === 'setData') {
      node.data = request.value;
      node.version++;
      node.mzxid = zxid;
      node.mtimeMs = timeMs;
      this.fired.push({ type: 'NodeDataChanged', path });
      return { error: 0, stat: statOf(node) };
    }
    if (kind === 'setACL') {
      node.acls = request.acls;
      node.aversion++;
      return { error: 0, stat: statOf(node) };
    }
    return { error: 0 };
  }

  private create(
    { zxid, timeMs, owner }: Transaction,
    { path, mode, value }: Extract<Request, { kind: 'create' }>,
  ): Result {
    const parent = this.nodes.get(parentOf(path));
    if (!parent) return { error: noNode };
    if (parent.owner !== '0') return { error: ephemeralParent };
    const sequential = mode === 2 || mode === 3;
    const name = sequential ? `${path}${String(parent.creates).padStart(10, '0')}` : path;
    if (this.nodes.has(name)) return { error: nodeExists };
    const ephemeral = mode === 1 || mode === 3;
    this.nodes.set(name, fresh(zxid, timeMs, value, ephemeral ? owner : '0'));
    parent.creates++;
    parent.pzxid = zxid;
    parent.children.add(nameOf(name));
    this.fired.push(
      { type: 'NodeCreated', path: name },
      { type: 'NodeChildrenChanged', path: parentOf(path) },
    );
    return { error: 0, name };
  }

  private remove(path: string, zxid: number): void {
    const parent = this.nodes.get(parentOf(path))!;
    parent.children.delete(nameOf(path));
    parent.pzxid = zxid;
    this.nodes.delete(path);
    this.fired.push({ type: 'NodeDeleted', path }, { type: 'NodeChildrenChanged', path: parentOf(path) });
  }
}

const fresh = (zxid: number, timeMs: number, data: string | null, owner: string): Znode => ({
  data,
  czxid: zxid,
  mzxid: zxid,
  pzxid: zxid,
  ctimeMs: timeMs,
  mtimeMs: timeMs,
  version: 0,
  aversion: 0,
  acls: openAcls,
  creates: 0,
  owner,
  children: new Set(),
});

const statOf = (node: Znode): Stat => ({
  czxid: node.czxid as Zxid,
  mzxid: node.mzxid as Zxid,
  pzxid: node.pzxid as Zxid,
  ctimeMs: node.ctimeMs,
  mtimeMs: node.mtimeMs,
  version: node.version,
  cversion: 2 * node.creates - node.children.size,
  aversion: node.aversion,
  ephemeralOwner: node.owner,
  dataLength: Buffer.byteLength(node.data ?? ''),
  numChildren: node.children.size,
});
