/**
 * What clients of brokers saw, one JSON value a line (records.ndjson): every record sent and what came of it, every
 * record a group read, every offset it committed, and at the end every partition's log, by two witnesses.
 * Times are ns since the scenario's origin.
 */
export type RecordRow =
  | Sent
  | Polled
  | Committed
  | GroupOffset
  | PartitionLog
  | Joined
  | ConsumerCrashed
  | EndedTransaction
  | CommittedLog
  | NoJavaClients;

export type SendOutcome = 'ok' | 'fail' | 'unknown';

/** One record, handed to its client once and never again; its value is told apart from all others. */
export interface Sent {
  kind: 'sent';
  /** Its records are sent in the order of `invokedNs`. They do not overlap, unless it is idempotent. */
  producer: string;
  /** The client retries by itself, and brokers drop what they have already. */
  idempotent?: true;
  partition: number;
  value: string;
  outcome: SendOutcome;
  /** Where the broker says it stands, when it is ok. */
  offset?: number;
  /** Kafka's name of the error, or what the client says. */
  error?: string;
  invokedNs: number;
  returnedNs: number;
}

/** A consumer became a member of the group, with these partitions; what it polls until the next time belongs here. */
export interface Joined {
  kind: 'joined';
  consumer: string;
  partitions: number[];
  atNs: number;
}

/** Consecutive records that a member of the group was handed. */
export interface Polled {
  kind: 'polled';
  consumer: string;
  partition: number;
  records: [offset: number, value: string][];
  atNs: number;
}

/** `offset` is the next one to be read. */
export interface Committed {
  kind: 'committed';
  consumer: string;
  partition: number;
  offset: number;
  outcome: SendOutcome;
  error?: string;
  invokedNs: number;
  returnedNs: number;
}

/** A consumer stopped by itself; it begins anew. */
interface ConsumerCrashed {
  kind: 'crashed';
  consumer: string;
  error: string;
  atNs: number;
}

/** What the brokers say at the end that the group has committed; -1 for nothing. */
export interface GroupOffset {
  kind: 'group-offset';
  partition: number;
  offset: number;
  atNs: number;
}

/** A whole log: from the broker that leads, by a client, or from one broker's disk. */
export interface PartitionLog {
  kind: 'log';
  witness: 'client' | 'disk';
  /** When a client read it. */
  phase?: 'final' | 'poweroff';
  /** The broker whose disk it was. */
  node?: number;
  partition: number;
  /** One past the last offset that may be read, as the brokers tell clients. */
  end?: number;
  records: [offset: number, value: string][];
}

export interface TransactionRecord {
  partition: number;
  value: string;
  outcome: SendOutcome;
  offset?: number;
  error?: string;
}

/** Records of one transaction, and how it was to end: `ok` when that was acknowledged, `fail` when it was refused. */
export interface EndedTransaction {
  kind: 'transaction';
  producer: string;
  id: string;
  records: TransactionRecord[];
  end: 'commit' | 'abort';
  outcome: SendOutcome;
  error?: string;
  invokedNs: number;
  /** When its end was asked for. */
  endedNs: number;
  returnedNs: number;
}

/**
 * A whole log of the topic of transactions as isolation.level=read_committed is to show it: by a client, or from the
 * markers on one broker's disk.
 */
export interface CommittedLog {
  kind: 'committed-log';
  witness: 'client' | 'disk';
  phase?: 'final' | 'poweroff';
  node?: number;
  partition: number;
  /** Told to the client: up to where nothing is undecided, and up to where there is anything. */
  end?: number;
  high?: number;
  records: [offset: number, value: string][];
  /** On the disk, too: what belongs to transactions that were aborted, or have no end there. */
  hidden?: [offset: number, value: string][];
}

/** Producers and readers in Java were asked for and cannot be had; what they would have shown is not tested. */
interface NoJavaClients {
  kind: 'no-java-clients';
  reason: string;
}
