/**
 * What clients of brokers saw, one JSON value a line (records.ndjson): every record sent and what came of it, every
 * record a group read, every offset it committed, and at the end every partition's log, by two witnesses.
 * Times are ns since the scenario's origin.
 */
export type RecordRow = Sent | Polled | Committed | GroupOffset | PartitionLog | Joined;

export type SendOutcome = 'ok' | 'fail' | 'unknown';

/** One record, sent once and never again; its value is told apart from all others. */
export interface Sent {
  kind: 'sent';
  /** Sends of one producer do not overlap. */
  producer: string;
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
