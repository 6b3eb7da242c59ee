import { WaitedInVain } from '../../base/wait.ts';
import type { CommittedLog } from '../../history/records.ts';
import { transactionsTopic } from '../../topology/brokers.ts';
import { type JavaClients, JavaRefusal } from './java-clients.ts';

/**
 * How long transactions without an end are waited for, ms: the timeout of ours (15 s), the 10 s between two looks of the
 * coordinator (transaction.abort.timed.out.transaction.cleanup.interval.ms), and as much again for a busy machine.
 */
const stableMs = 50_000;
const readMs = 60_000;

/** Every partition of the transactions as Kafka's own consumer sees it with isolation.level=read_committed. */
export async function readCommitted(
  java: JavaClients,
  {
    brokers,
    partitions,
    phase,
  }: { brokers: readonly string[]; partitions: number; phase: 'final' | 'poweroff' },
  write: (row: CommittedLog) => void,
): Promise<void> {
  const settings = {
    'bootstrap.servers': brokers.join(','),
    'auto.offset.reset': 'none',
    'request.timeout.ms': '4000',
    'default.api.timeout.ms': '30000',
  };
  const client = `reader-${phase}`;
  try {
    const logs = await java.ask<Pick<CommittedLog, 'partition' | 'end' | 'high' | 'records'>[]>({
      ...{ do: 'read', client, settings, topic: transactionsTopic, partitions, stableMs, readMs },
    });
    for (const log of logs) write({ kind: 'committed-log', witness: 'client', phase, ...log });
  } catch (error) {
    if (!(error instanceof JavaRefusal)) throw error;
    throw new WaitedInVain(`transactions were not read: ${error.name}: ${error.message}`, { cause: error });
  }
}
