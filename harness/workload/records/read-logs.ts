import type { Admin, Consumer } from 'kafkajs';
import { WaitedInVain, waitFor } from '../../base/wait.ts';
import type { PartitionLog } from '../../history/records.ts';
import { recordsTopic } from '../../topology/brokers.ts';
import { patientKafka } from './kafka.ts';
import { subscribed } from './subscribed.ts';

/** Some thousands of records from brokers that serve; a busy machine takes seconds. */
const readMs = 60_000;

/**
 * Every partition from its first offset to its end, by a consumer of a group of its own. Throws WaitedInVain when it
 * does not get that far.
 */
export async function readLogs(
  brokers: readonly string[],
  phase: 'final' | 'poweroff',
  write: (row: PartitionLog) => void,
): Promise<void> {
  const kafka = patientKafka(brokers, `reader-${phase}`);
  const admin = kafka.admin();
  const consumer = kafka.consumer({
    groupId: `reader-${phase}`,
    sessionTimeout: 10_000,
    maxWaitTimeInMs: 100,
  });
  try {
    await admin.connect();
    const ends = await endsOf(admin);
    const logs = await read(consumer, ends);
    for (const [partition, records] of logs)
      write({ kind: 'log', witness: 'client', phase, partition, end: ends.get(partition)!, records });
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
  }
}

async function endsOf(admin: Admin): Promise<Map<number, number>> {
  const offsets = await admin.fetchTopicOffsets(recordsTopic);
  return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
}

async function read(
  consumer: Consumer,
  ends: ReadonlyMap<number, number>,
): Promise<Map<number, [number, string][]>> {
  const logs = new Map([...ends.keys()].map((partition) => [partition, [] as [number, string][]]));
  const wanting = () =>
    [...ends].filter(([partition, end]) => end > 0 && (logs.get(partition)!.at(-1)?.[0] ?? -1) + 1 < end);
  await subscribed(consumer);
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const log = logs.get(batch.partition)!;
      for (const { offset, value } of batch.messages) {
        // A rebalance may hand the same records out again.
        if (Number(offset) > (log.at(-1)?.[0] ?? -1)) log.push([Number(offset), String(value)]);
      }
    },
  });
  try {
    await waitFor({ what: 'every partition to be read to its end', deadlineMs: readMs, everyMs: 20 }, () =>
      wanting().length === 0 ? true : undefined,
    );
  } catch (error) {
    if (!(error instanceof WaitedInVain)) throw error;
    const left = wanting().map(
      ([partition, end]) => `${partition} (${logs.get(partition)!.length} of ${end})`,
    );
    throw new WaitedInVain(`${error.message}; left: ${left.join(', ')}`, { cause: error });
  }
  return logs;
}
