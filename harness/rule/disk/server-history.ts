import type { StoredRow, StoredServer, StoredTransactions } from '../../datadir/stored-transactions.ts';
import { sameTransaction, type Transaction } from '../../datadir/transaction.ts';
import type { Judgement } from '../rule.ts';

/**
 * A part of one server's log in which nothing was taken over from anywhere else. `base` is the zxid of the snapshot it
 * goes on from (0: from the empty tree), `zxids` rise from there.
 */
export interface Stretch {
  base: number;
  zxids: number[];
}

/** Whether a server has a transaction: in its log; in a snapshot it took over; not, though it went on; not yet. */
type Holding = 'logged' | 'inSnapshot' | 'missing' | 'behind' | 'unknown';

/** The history one server has on its disk. */
export interface ServerHistory {
  server: StoredServer;
  stretches: readonly Stretch[];
  /** What it logged behind something with a higher zxid. */
  disorder: readonly StepBack[];
  /** Where it logged again what it had logged already, and went on: from the first to the last repeated. */
  repeats: readonly { from: number; to: number }[];
  /** Why part of its log cannot be read. */
  damage?: string;
  holding(zxid: number): Holding;
  /** The snapshot that stands for a transaction which is `inSnapshot`. */
  snapshotOf(zxid: number): number;
  /** The last zxid it would start from. */
  last: number;
}

interface StepBack {
  before: Transaction;
  then: Transaction;
}

/** What all servers have on their disks. */
export interface Disks {
  stored: StoredTransactions;
  histories: readonly ServerHistory[];
  /** Transactions by zxid; more than one where servers disagree. */
  at: ReadonlyMap<number, readonly StoredRow[]>;
  /** Transactions by `requestKey`: a session that moves to another server counts its requests anew. */
  requests: ReadonlyMap<string, readonly Transaction[]>;
}

const known = new WeakMap<StoredTransactions, Disks>();

/** What a rule about disks says of a run that ended before they were read. */
export const notRecorded: Judgement = {
  relevant: 0,
  seen: 'nothing',
  findings: [],
  invalid: 'what the disks of the servers held was not recorded',
};

/** Several rules ask for it; it is made once. */
export function disksOf({
  transactions: stored,
}: {
  transactions?: StoredTransactions | undefined;
}): Disks | undefined {
  if (!stored) return undefined;
  const made = known.get(stored) ?? makeDisks(stored);
  known.set(stored, made);
  return made;
}

/** Ids are compared without leading zeros. */
export const requestKey = (session: string, xid: number) => `${session.replace(/^0+(?=.)/, '')} ${xid}`;

function makeDisks(stored: StoredTransactions): Disks {
  const at = new Map<number, StoredRow[]>();
  const requests = new Map<string, Transaction[]>();
  const logs = new Map<number, Transaction[]>(stored.servers.map(({ sid }) => [sid, []]));
  for (const row of stored.rows) {
    const { transaction } = row;
    addTo(at, transaction.zxid, row);
    addTo(requests, requestKey(transaction.session, transaction.cxid), transaction);
    for (const sid of row.on) logs.get(sid)?.push(transaction);
  }
  const histories = stored.servers.map((server) => historyOf(server, logs.get(server.sid)!));
  return { stored, at, requests, histories };
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const there = map.get(key);
  if (there) there.push(value);
  else map.set(key, [value]);
}

function historyOf(server: StoredServer, log: readonly Transaction[]): ServerHistory {
  const zxids = [...new Set(log.map(({ zxid }): number => zxid))].sort((a, b) => a - b);
  const logged = new Set(zxids);
  const whole = server.snapshots.filter(({ damage }) => damage === undefined);
  const adopted = whole.filter((snapshot) => snapshot.adopted).map(({ zxid }): number => zxid);
  const stretches = stretchesOf(zxids, adopted);
  const damage = damageOf(server);
  const holding = (zxid: number): Holding => {
    if (logged.has(zxid)) return 'logged';
    const i = stretches.findLastIndex(({ base }) => base < zxid);
    const stretch = stretches[i];
    if (!stretch || (i + 1 < stretches.length && zxid > lastOf(stretch))) return 'inSnapshot';
    if (damage !== undefined) return 'unknown';
    return zxid < lastOf(stretch) ? 'missing' : 'behind';
  };
  return {
    server,
    stretches,
    ...stepsBack(log),
    ...(damage !== undefined && { damage }),
    holding,
    snapshotOf: (zxid) => stretches.find(({ base }) => base >= zxid)!.base,
    last: Math.max(0, zxids.at(-1) ?? 0, ...whole.map(({ zxid }) => zxid)),
  };
}

function stepsBack(log: readonly Transaction[]): Pick<ServerHistory, 'disorder' | 'repeats'> {
  const seen = new Map<number, Transaction>();
  const disorder: StepBack[] = [];
  const repeats: { from: number; to: number }[] = [];
  let highest: Transaction | undefined;
  for (const [i, then] of log.entries()) {
    if (highest === undefined || then.zxid > highest.zxid) {
      highest = then;
    } else if (!sameAs(then)) {
      disorder.push({ before: highest, then });
    } else if (then.zxid <= log[i - 1]!.zxid || repeats.length === 0) {
      repeats.push({ from: then.zxid, to: then.zxid });
    } else {
      repeats.at(-1)!.to = then.zxid;
    }
    seen.set(then.zxid, then);
  }
  return { disorder, repeats };

  function sameAs(then: Transaction): boolean {
    const before = seen.get(then.zxid);
    return before !== undefined && sameTransaction(before, then);
  }
}

/** Splits a log where a snapshot that it does not explain lies between two of its transactions. */
function stretchesOf(zxids: readonly number[], adopted: readonly number[]): Stretch[] {
  const stretches: Stretch[] = [{ base: 0, zxids: [] }];
  const bases = [...adopted].sort((a, b) => a - b);
  for (const zxid of zxids) {
    while (bases.length > 0 && bases[0]! < zxid) startAt(bases.shift()!);
    stretches.at(-1)!.zxids.push(zxid);
  }
  for (const base of bases) startAt(base);
  return stretches;

  /** A snapshot replaces one before it that nothing was logged on. */
  function startAt(base: number): void {
    if (stretches.at(-1)!.zxids.length === 0) stretches.pop();
    stretches.push({ base, zxids: [] });
  }
}

export const lastOf = ({ base, zxids }: Stretch): number => zxids.at(-1) ?? base;

function damageOf({ logs }: StoredServer): string | undefined {
  const found = logs.find(({ end }) => end.kind === 'damaged');
  if (!found || found.end.kind === 'whole') return undefined;
  return `${found.file} is damaged at byte ${found.end.atByte} (${found.end.why})`;
}
