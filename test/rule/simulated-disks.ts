import type { Random } from '../../harness/base/random.ts';
import { mergeLogs } from '../../harness/datadir/merge-logs.ts';
import type {
  AdoptedNode,
  StoredServer,
  StoredTransactions,
} from '../../harness/datadir/stored-transactions.ts';
import type { Change, Transaction } from '../../harness/datadir/transaction.ts';
import { epochOf, type Zxid } from '../../harness/history/op.ts';
import { type Transaction as Committed, type Request, type Result, ZnodeTree } from './znode-tree.ts';

/** What one server's disk holds: its log, and the snapshots it took over. */
export interface Disk {
  sid: number;
  log: Transaction[];
  adopted: { zxid: Zxid; nodes: Omit<AdoptedNode, 'sid' | 'zxid'>[] }[];
}

/**
 * Disks as a correct ensemble may leave them. Every server has the whole log, except that one may have taken over a
 * snapshot in place of a part of it, have proposals of an epoch behind that nobody else ever saw, or end earlier.
 */
export function simulatedDisks(
  committed: readonly Committed[],
  results: ReadonlyMap<number, Result>,
  sids: readonly number[],
  random: Random,
): StoredTransactions {
  const log = committed.map((each, i) => logged(each, results.get(i)!));
  const disks = sids.map((sid): Disk => ({ sid, log: [...log], adopted: [] }));
  const odd = random.pick(disks);
  if (random.int(1, 3) === 1) giveUp(odd, log, random);
  if (odd.adopted.length > 0 || random.int(1, 2) === 1) adopt(odd, committed, random);
  // Cut off at the very end, while the others had a quorum: at most one server of three, and not while others wait for it.
  if (odd.adopted.length === 0 && random.int(1, 4) === 1) odd.log.splice(-random.int(1, 3));
  return storedFrom(disks);
}

export function storedFrom(disks: readonly Disk[]): StoredTransactions {
  const rows = [...mergeLogs(disks.map(({ sid, log }) => ({ sid, transactions: log.values() })))];
  const nodes = disks.flatMap(({ sid, adopted }) =>
    adopted.flatMap(({ zxid, nodes }) => nodes.map((node) => ({ sid, zxid, ...node }))),
  );
  return { servers: disks.map(serverOf), rows, nodes };
}

function serverOf({ sid, log, adopted }: Disk): StoredServer {
  const epoch = Math.max(0, ...[...log, ...adopted].map(({ zxid }) => epochOf(zxid)));
  const end = { kind: 'whole', atByte: 16 + 100 * log.length } as const;
  return {
    sid,
    epochs: { accepted: epoch, current: epoch },
    logs: [{ file: 'log.100000001', bytes: 65536, records: log.length, end }],
    snapshots: adopted.map(({ zxid, nodes }) => ({
      file: `snapshot.${zxid.toString(16)}`,
      zxid,
      bytes: 1000,
      nodes: nodes.length,
      adopted: true,
    })),
  };
}

/** Proposals that nobody else logged, at the end of an epoch. Its server can only have gone on from a snapshot. */
function giveUp(disk: Disk, log: readonly Transaction[], random: Random): void {
  const lasts = log.flatMap(({ zxid }, i) =>
    i + 1 < log.length && epochOf(log[i + 1]!.zxid) > epochOf(zxid) ? [i] : [],
  );
  if (lasts.length === 0) return;
  const last = random.pick(lasts);
  const until = random.int(last + 1, log.length - 1);
  const { zxid, timeMs } = log[last]!;
  const proposed = Array.from(
    { length: random.int(1, 4) },
    (_, i): Transaction => ({
      ...{ zxid: (zxid + 1 + i) as Zxid, session: '0100000000000fff', cxid: i + 1, timeMs },
      ...{ type: 'setData', path: '/gauntlet/registers/r0', value: `never ${i}`, version: 99 },
    }),
  );
  disk.log.splice(last + 1, until - last, ...proposed);
  disk.adopted.push({ zxid: log[until]!.zxid, nodes: [] });
}

/** A snapshot in place of a part of the log. It may have been written while more was applied. */
function adopt(disk: Disk, committed: readonly Committed[], random: Random): void {
  const [given] = disk.adopted.splice(0);
  const until = given
    ? committed.findIndex(({ zxid }) => zxid === given.zxid)
    : random.int(1, committed.length - 1);
  const upTo = Math.min(committed.length, until + 1 + random.int(0, 3));
  const tree = new ZnodeTree();
  for (const transaction of committed.slice(0, upTo)) tree.apply(transaction);
  if (!given) {
    const from = random.int(0, until);
    const [first, last] = [committed[from]!.zxid, committed[until]!.zxid];
    disk.log = disk.log.filter(({ zxid }) => zxid < first || zxid > last);
  }
  disk.adopted.push({ zxid: committed[until]!.zxid as Zxid, nodes: nodesOf(tree) });
}

function nodesOf(tree: ZnodeTree, path = '/gauntlet'): Disk['adopted'][number]['nodes'] {
  const stat = tree.stat(path);
  if (!stat) return [];
  const { czxid, mzxid } = stat;
  const below = tree.children(path).flatMap((name) => nodesOf(tree, `${path}/${name}`));
  return [{ path, czxid, mzxid, value: tree.data(path) }, ...below];
}

function logged({ zxid, owner, timeMs, cxid, request }: Committed, result: Result): Transaction {
  return { zxid: zxid as Zxid, session: owner, cxid, timeMs, ...changeOf(request, result) };
}

function changeOf(request: Request, { error, name, stat, parts }: Result): Change {
  if (request.kind === 'session') {
    return request.ends ? { type: 'closeSession', paths: [] } : { type: 'createSession', timeoutMs: 4000 };
  }
  if (request.kind === 'multi') return { type: 'multi', parts: partsOf(request, parts!) };
  if (error !== 0) return { type: 'error', error };
  return singleOf(request, name, request.kind === 'setACL' ? stat?.aversion : stat?.version);
}

/** Of a multi that failed, the parts before the one that did stay as they would have been. */
function partsOf(
  request: Extract<Request, { kind: 'multi' }>,
  results: NonNullable<Result['parts']>,
): Change[] {
  return request.parts.map((part, i) => {
    const result = results[i]!;
    if (result.kind === 'error' && result.error !== 0) return { type: 'error', error: result.error };
    const name = result.kind === 'create' ? result.name : undefined;
    return singleOf(part, name, result.kind === 'setData' ? result.stat.version : 1);
  });
}

function singleOf(
  request: Exclude<Request, { kind: 'session' | 'multi' }>,
  name = request.path,
  version = 0,
): Change {
  const { kind, path } = request;
  switch (kind) {
    case 'create': {
      const ephemeral = request.mode === 1 || request.mode === 3;
      return { type: 'create', path: name, value: request.value, acls: [], ephemeral, parentCversion: 1 };
    }
    case 'setData':
      return { type: 'setData', path, value: request.value, version };
    case 'delete':
      return { type: 'delete', path };
    case 'setACL':
      return { type: 'setACL', path, acls: JSON.parse(request.acls), version };
    case 'check':
      return { type: 'check', path, version: request.version + 1 };
  }
}
