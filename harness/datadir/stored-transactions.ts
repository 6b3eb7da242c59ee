import type { Zxid } from '../history/op.ts';
import type { Epochs } from './data-directory.ts';
import type { LogEnd } from './log-file.ts';
import type { Transaction } from './transaction.ts';

/** A log file as it was read. Without records it has no first and last zxid. */
export interface StoredLog {
  file: string;
  bytes: number;
  records: number;
  first?: Zxid;
  last?: Zxid;
  end: LogEnd;
}

export interface StoredSnapshot {
  file: string;
  zxid: Zxid;
  bytes: number;
  /** Absent when it is damaged. */
  nodes?: number;
  /** Why no server would load it: most often its writer died. */
  damage?: string;
  /**
   * The server's own log does not hold the transaction it stands for: it was taken over from a leader, or holds what
   * was never logged here. Its nodes are then the only thing known of what came before.
   */
  adopted?: true;
}

/** What one server's disk held at the end of a scenario. */
export interface StoredServer {
  sid: number;
  epochs: Epochs;
  logs: StoredLog[];
  snapshots: StoredSnapshot[];
}

/** One transaction as it stands in the logs of the servers `on`. The same zxid with other content is another row. */
export interface StoredRow {
  transaction: Transaction;
  on: readonly number[];
}

/** A znode in an adopted snapshot. */
export interface AdoptedNode {
  sid: number;
  /** Of the snapshot. */
  zxid: Zxid;
  path: string;
  czxid: Zxid;
  mzxid: Zxid;
  value: string | null;
}

/** What all servers' disks held at the end of a scenario. A server's rows stand in the order of its log. */
export interface StoredTransactions {
  servers: StoredServer[];
  rows: StoredRow[];
  nodes: AdoptedNode[];
}
