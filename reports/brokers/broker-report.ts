import type { Origin } from '../../harness/base/clock.ts';
import type { StoredTransactions } from '../../harness/datadir/stored-transactions.ts';
import type { RecordRow } from '../../harness/history/records.ts';
import type { KafkaLayer } from '../../harness/topology/brokers.ts';
import type { FaultWindow } from '../faults.ts';
import type { Outage } from '../outages.ts';
import { type Consequences, consequencesOf } from './consequences.ts';
import { type BrokerMetadata, brokerMetadata } from './metadata.ts';
import { type PartitionTraffic, partitionTraffic } from './records.ts';

/** The layer above ZooKeeper, as far as a scenario has one. */
export interface BrokerReport {
  nodes: readonly number[];
  metadata: BrokerMetadata;
  partitions: PartitionTraffic[];
  consequences: Consequences[];
}

export interface BrokerSources {
  kafka: KafkaLayer;
  /** Absent where no transaction log was collected. */
  transactions: StoredTransactions | undefined;
  records: readonly RecordRow[];
  faults: readonly FaultWindow[];
  outages: readonly Outage[];
  origin: Origin;
  endNs: number;
}

export function brokerReport({
  kafka,
  transactions = { servers: [], rows: [], nodes: [] },
  records,
  faults,
  outages,
  origin,
  endNs,
}: BrokerSources): BrokerReport {
  const metadata = brokerMetadata(transactions, kafka, origin, endNs);
  const partitions = partitionTraffic(records);
  const consequences = consequencesOf(faults, metadata, partitions, outages, records);
  return { nodes: kafka.nodes, metadata, partitions, consequences };
}
