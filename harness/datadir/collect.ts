import { Malformed } from '../client/jute.ts';
import { type DataDirectory, type DatedFile, dataDirectoryAt } from './data-directory.ts';
import { readLog } from './log-file.ts';
import { mergeLogs } from './merge-logs.ts';
import { readSnapshot } from './snapshot-file.ts';
import type {
  AdoptedNode,
  StoredLog,
  StoredRow,
  StoredServer,
  StoredSnapshot,
} from './stored-transactions.ts';
import type { Transaction } from './transaction.ts';

/** Parts of a collection in the order they become known. */
export type Collected = { row: StoredRow } | { node: AdoptedNode } | { servers: StoredServer[] };

/**
 * Reads what servers stored, each in its own folder: every transaction of their logs, then the nodes of snapshots that
 * their logs do not explain, then what the files were. Damage is told, not thrown. Logs are read as they are merged,
 * so memory holds one transaction a server and the zxids.
 */
export function* collect(folders: ReadonlyMap<number, string>): Generator<Collected> {
  const servers = [...folders].map(([sid, folder]) => new ServerOnDisk(sid, dataDirectoryAt(folder)));
  const logs = servers.map((server) => ({ sid: server.sid, transactions: server.transactions() }));
  for (const row of mergeLogs(logs)) yield { row };
  for (const server of servers) for (const node of server.adoptedNodes()) yield { node };
  yield { servers: servers.map((server) => server.stored()) };
}

class ServerOnDisk {
  readonly sid: number;
  readonly #directory: DataDirectory;
  readonly #logs: StoredLog[] = [];
  readonly #snapshots: StoredSnapshot[] = [];
  readonly #logged = new Set<number>();

  constructor(sid: number, directory: DataDirectory) {
    this.sid = sid;
    this.#directory = directory;
  }

  *transactions(): Generator<Transaction> {
    for (const { name, path, bytes } of this.#directory.logs) {
      const log: StoredLog = { file: name, bytes, records: 0, end: { kind: 'whole', atByte: 0 } };
      const reading = readLog(path);
      let next = reading.next();
      for (; !next.done; next = reading.next()) {
        const { transaction } = next.value;
        log.records++;
        log.first ??= transaction.zxid;
        log.last = transaction.zxid;
        this.#logged.add(transaction.zxid);
        yield transaction;
      }
      log.end = next.value;
      this.#logs.push(log);
    }
  }

  /** After the logs were read. */
  *adoptedNodes(): Generator<AdoptedNode> {
    for (const file of this.#directory.snapshots) {
      const stored: StoredSnapshot = { file: file.name, zxid: file.zxid, bytes: file.bytes };
      this.#snapshots.push(stored);
      const nodes = nodesOf(file, stored);
      if (nodes === undefined || file.zxid === 0 || this.#logged.has(file.zxid)) continue;
      stored.adopted = true;
      for (const { path, czxid, mzxid, value } of nodes)
        yield { sid: this.sid, zxid: file.zxid, path, czxid, mzxid, value };
    }
  }

  stored(): StoredServer {
    return { sid: this.sid, epochs: this.#directory.epochs, logs: this.#logs, snapshots: this.#snapshots };
  }
}

function nodesOf({ path }: DatedFile, stored: StoredSnapshot) {
  try {
    const { nodes } = readSnapshot(path);
    stored.nodes = nodes.length;
    return nodes;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    stored.damage = error.message;
    return undefined;
  }
}
