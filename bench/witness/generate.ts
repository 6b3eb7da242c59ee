import { randomFrom } from '../../harness/base/random.ts';
import {
  anyVersion,
  type Op,
  type OpKind,
  type OpSink,
  type Stat,
  type Zxid,
} from '../../harness/history/op.ts';

export interface Traffic {
  ops: number;
  seed: number;
  clients: number;
  registers: number;
  /** Operations in ten thousand whose answer never comes. */
  unknownPer10k: number;
  /** Reads and plain writes of registers only, half and half; else a bit of everything. */
  registersOnly: boolean;
}

interface Version {
  zxid: number;
  version: number;
  value: string;
  /** Of a parent: children created and deleted so far. */
  creates: number;
  deletes: number;
}

/** Versions of one node, newest last; as many as the slowest server lags behind. */
interface Node {
  path: string;
  czxid: number;
  versions: Version[];
}

interface Client {
  session: number;
  server: number;
  xid: number;
  values: number;
  /** When its next operation takes effect. */
  nextNs: number;
  /** Version of each register as last seen. */
  seen: Int32Array;
  elements: string[];
}

const root = '/gauntlet';
const set = `${root}/set`;
const servers = 3;
const epoch = 2 ** 32;
const lagMax = 4;
const versionsKept = 16;
/** Mean time between two operations of one client. */
const turnNs = 40_000;

const moves = [
  { share: 45, move: 'read' },
  { share: 37, move: 'write' },
  { share: 6, move: 'conditional' },
  { share: 4, move: 'exists' },
  { share: 2, move: 'create' },
  { share: 1, move: 'delete' },
  { share: 1, move: 'multi' },
  { share: 1, move: 'parent' },
  { share: 3, move: 'sync' },
] as const;
const plainMoves = [
  { share: 50, move: 'read' },
  { share: 50, move: 'write' },
] as const;

/**
 * Traffic of an ensemble without faults, made as fast as a file takes it: a leader, two servers a few transactions
 * behind, clients with one operation on the way each. Rows come in the order of their returns, as a worker records them.
 */
export function generate(traffic: Traffic, sink: OpSink): void {
  new Generator(traffic, sink).run();
}

class Generator {
  private readonly traffic: Traffic;
  private readonly sink: OpSink;
  private readonly random;
  private readonly applied = new Float64Array(servers + 1).fill(epoch);
  private readonly returning: Op[] = [];
  private readonly clients: Client[];
  private readonly registers: Node[] = [];
  private readonly parent: Node;
  private readonly draws: readonly string[];
  private zxid = epoch;

  constructor(traffic: Traffic, sink: OpSink) {
    this.traffic = traffic;
    this.sink = sink;
    this.random = randomFrom(traffic.seed);
    this.draws = (traffic.registersOnly ? plainMoves : moves).flatMap(({ share, move }) =>
      Array<string>(share).fill(move),
    );
    this.clients = Array.from({ length: traffic.clients }, (_, i) => ({
      session: i + 1,
      server: (i % servers) + 1,
      xid: 0,
      values: 0,
      nextNs: 1e6 + i * 1000,
      seen: new Int32Array(traffic.registers),
      elements: [],
    }));
    this.connect();
    this.made(root);
    this.made(`${root}/registers`);
    this.parent = this.made(set);
    for (let i = 0; i < traffic.registers; i++) this.registers.push(this.made(`${root}/registers/r${i}`));
    this.applied.fill(this.zxid);
  }

  run(): void {
    const { random, clients } = this;
    const traffic = this.traffic;
    for (let i = 0; i < traffic.ops; i++) {
      let client = clients[0]!;
      for (const each of clients) if (each.nextNs < client.nextNs) client = each;
      const nowNs = client.nextNs;
      this.release(nowNs);
      const unknown = random.int(1, 10_000) <= traffic.unknownPer10k;
      const op = this.act(client, random.pick(this.draws), unknown);
      op.invokedNs = nowNs - random.int(1000, 10_000);
      op.returnedNs = nowNs + random.int(1000, 10_000);
      client.nextNs = op.returnedNs + 10_001 + random.int(0, turnNs);
      this.returning.push(op);
    }
    this.release(Number.POSITIVE_INFINITY);
  }

  /** Rows whose return nothing to come can precede. */
  private release(nowNs: number): void {
    const { returning, sink } = this;
    returning.sort((a, b) => a.returnedNs - b.returnedNs);
    let done = 0;
    while (done < returning.length && returning[done]!.returnedNs < nowNs) sink.append(returning[done++]!);
    returning.splice(0, done);
  }

  private act(client: Client, move: string, unknown: boolean): Op {
    const { random, registers } = this;
    const which = random.int(0, registers.length - 1);
    const node = registers[which]!;
    switch (move) {
      case 'write':
        return this.write(client, which, anyVersion, unknown);
      case 'conditional':
        return this.write(client, which, client.seen[which]!, unknown);
      case 'read':
        return this.read(client, 'getData', node, which);
      case 'exists':
        return this.read(client, 'exists', node, which);
      case 'parent':
        return this.read(client, 'exists', this.parent);
      case 'create':
        return this.create(client);
      case 'delete':
        return this.remove(client);
      case 'multi':
        return this.multi(client, which);
      default:
        return this.sync(client);
    }
  }

  private write(client: Client, which: number, version: number, unknown: boolean): Op {
    const node = this.registers[which]!;
    const last = node.versions.at(-1)!;
    const value = this.fresh(client);
    const op = this.op(client, 'setData', node.path, 0);
    op.value = value;
    op.version = version;
    if (unknown) Object.assign(op, { outcome: 'unknown', error: -4 });
    if (unknown && this.random.int(0, 1) === 0) return op;
    const zxid = ++this.zxid;
    if (!unknown) this.answered(client, op, zxid);
    if (version >= 0 && version !== last.version) {
      client.seen[which] = last.version;
      return unknown ? op : Object.assign(op, { outcome: 'fail', error: -103 });
    }
    const next = { ...last, zxid, version: last.version + 1, value };
    grow(node, next);
    if (unknown) return op;
    client.seen[which] = next.version;
    op.stat = statOf(node, next);
    return op;
  }

  private read(client: Client, kind: OpKind, node: Node, which = -1): Op {
    const { server } = client;
    this.applied[server] = Math.max(this.applied[server]!, this.zxid - this.random.int(0, lagMax));
    const zxid = this.applied[server]!;
    const seen = node.versions.findLast((version) => version.zxid <= zxid)!;
    const op = this.op(client, kind, node.path, zxid);
    op.stat = statOf(node, seen);
    if (kind === 'getData') op.value = seen.value;
    if (which >= 0) client.seen[which] = seen.version;
    return op;
  }

  private sync(client: Client): Op {
    const op = this.op(client, 'sync', root, 0);
    this.answered(client, op, this.zxid);
    return op;
  }

  private create(client: Client): Op {
    const value = this.fresh(client);
    const op = this.op(client, 'create', `${set}/${value}`, 0);
    this.answered(client, op, ++this.zxid);
    const last = this.parent.versions.at(-1)!;
    grow(this.parent, { ...last, zxid: this.zxid, creates: last.creates + 1 });
    client.elements.push(op.path);
    return Object.assign(op, { value, result: op.path });
  }

  private remove(client: Client): Op {
    const path = client.elements.shift();
    if (path === undefined) return this.create(client);
    const op = this.op(client, 'delete', path, 0);
    this.answered(client, op, ++this.zxid);
    const last = this.parent.versions.at(-1)!;
    grow(this.parent, { ...last, zxid: this.zxid, deletes: last.deletes + 1 });
    return op;
  }

  private multi(client: Client, which: number): Op {
    const node = this.registers[which]!;
    const last = node.versions.at(-1)!;
    const value = this.fresh(client);
    const op = this.op(client, 'multi', '', 0);
    this.answered(client, op, ++this.zxid);
    const next = { ...last, zxid: this.zxid, version: last.version + 1, value };
    grow(node, next);
    const { path } = node;
    op.value = JSON.stringify([
      { kind: 'check', path, version: last.version },
      { kind: 'setData', path, value, version: -1 },
    ]);
    op.result = JSON.stringify([{ kind: 'check' }, { kind: 'setData', stat: statOf(node, next) }]);
    return op;
  }

  private answered(client: Client, op: Op, zxid: number): void {
    op.zxid = zxid as Zxid;
    this.applied[client.server] = Math.max(this.applied[client.server]!, zxid);
  }

  private fresh(client: Client): string {
    return `c${client.session}-${++client.values}`;
  }

  private connect(): void {
    for (const client of this.clients) {
      const id = (0x100000000000000n + BigInt(client.session)).toString(16).padStart(16, '0');
      const name = `c${client.session}`;
      this.sink.append({ ...this.op(client, 'connect', '', 0), value: name, result: id, version: 4000 });
    }
  }

  private made(path: string): Node {
    const zxid = ++this.zxid;
    const ns = (zxid - epoch) * 10;
    const op = this.op(this.clients[0]!, 'create', path, zxid);
    this.sink.append({ ...op, invokedNs: ns, returnedNs: ns + 5, value: 'made', result: path });
    return { path, czxid: zxid, versions: [{ zxid, version: 0, value: 'made', creates: 0, deletes: 0 }] };
  }

  private op(client: Client, kind: OpKind, path: string, zxid: number): Op {
    return {
      session: client.session,
      xid: ++client.xid,
      kind,
      server: client.server,
      phase: 'workload',
      outcome: 'ok',
      error: 0,
      invokedNs: 0,
      returnedNs: 0,
      zxid: zxid as Zxid,
      path,
      value: null,
      version: anyVersion,
      flags: 0,
      stat: null,
      result: null,
    };
  }
}

function grow(node: Node, version: Version): void {
  node.versions.push(version);
  if (node.versions.length > versionsKept) node.versions.shift();
}

function statOf({ czxid, versions }: Node, { zxid, version, value, creates, deletes }: Version): Stat {
  const parent = versions.at(-1)!.creates > 0;
  const mzxid = parent ? czxid : zxid;
  return {
    czxid: czxid as Zxid,
    mzxid: mzxid as Zxid,
    pzxid: (parent ? zxid : czxid) as Zxid,
    ctimeMs: 1_700_000_000_000 + (czxid - epoch),
    mtimeMs: 1_700_000_000_000 + (mzxid - epoch),
    version,
    cversion: creates + deletes,
    aversion: 0,
    ephemeralOwner: '0',
    dataLength: value.length,
    numChildren: creates - deletes,
  };
}
