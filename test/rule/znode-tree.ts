import type { Stat, Zxid } from '../../harness/history/op.ts';

/** A znode as a server holds it. */
interface Znode {
  data: string | null;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctimeMs: number;
  mtimeMs: number;
  version: number;
  /** Children ever created: the counter behind sequential names. */
  creates: number;
  owner: string;
  children: Set<string>;
}

export type Request =
  | { kind: 'create'; path: string; value: string | null; mode: number }
  | { kind: 'delete'; path: string; version: number }
  | { kind: 'setData'; path: string; value: string | null; version: number }
  | { kind: 'check'; path: string; version: number }
  | { kind: 'multi'; parts: Exclude<Request, { kind: 'multi' | 'session' }>[] }
  /** Beginning or end of a session. */
  | { kind: 'session'; ends: boolean };

export interface Transaction {
  zxid: number;
  /** ZooKeeper's id of the session, 16 hex digits. */
  owner: string;
  /** Number of the request on its connection. */
  cxid: number;
  timeMs: number;
  request: Request;
}

type PartResult =
  | { kind: 'create'; name: string; stat: null }
  | { kind: 'setData'; stat: Stat }
  | { kind: 'delete' | 'check' }
  | { kind: 'error'; error: number };

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

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** ZooKeeper's data model as one state machine: the same transactions give the same tree on every server. */
export class ZnodeTree {
  private nodes = new Map<string, Znode>([['/', fresh(0, 0, null, '0')]]);

  stat(path: string): Stat | undefined {
    const node = this.nodes.get(path);
    return node && statOf(node);
  }

  data(path: string): string | null {
    return this.nodes.get(path)?.data ?? null;
  }

  children(path: string): string[] {
    return [...(this.nodes.get(path)?.children ?? [])].sort();
  }

  apply(transaction: Transaction): Result {
    const { request } = transaction;
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

  private multi(transaction: Transaction, parts: Exclude<Request, { kind: 'multi' | 'session' }>[]): Result {
    const before = new Map(
      [...this.nodes].map(([path, node]) => [path, { ...node, children: new Set(node.children) }]),
    );
    const results: PartResult[] = [];
    for (const [i, part] of parts.entries()) {
      const { error, name, stat } = this.single(transaction, part);
      if (error !== 0) {
        this.nodes = before;
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
    const { zxid, timeMs, owner } = transaction;
    const { kind, path } = request;
    const node = this.nodes.get(path);
    if (kind === 'create') {
      const parent = this.nodes.get(parentOf(path));
      if (!parent) return { error: noNode };
      if (parent.owner !== '0') return { error: ephemeralParent };
      const sequential = request.mode === 2 || request.mode === 3;
      const name = sequential ? `${path}${String(parent.creates).padStart(10, '0')}` : path;
      if (this.nodes.has(name)) return { error: nodeExists };
      const ephemeral = request.mode === 1 || request.mode === 3;
      this.nodes.set(name, fresh(zxid, timeMs, request.value, ephemeral ? owner : '0'));
      parent.creates++;
      parent.pzxid = zxid;
      parent.children.add(nameOf(name));
      return { error: 0, name };
    }
    if (!node) return { error: noNode };
    if (request.version >= 0 && request.version !== node.version) return { error: badVersion };
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
      return { error: 0, stat: statOf(node) };
    }
    return { error: 0 };
  }

  private remove(path: string, zxid: number): void {
    const parent = this.nodes.get(parentOf(path))!;
    parent.children.delete(nameOf(path));
    parent.pzxid = zxid;
    this.nodes.delete(path);
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
  aversion: 0,
  ephemeralOwner: node.owner,
  dataLength: Buffer.byteLength(node.data ?? ''),
  numChildren: node.children.size,
});
