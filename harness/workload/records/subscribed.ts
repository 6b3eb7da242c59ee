import type { Consumer } from 'kafkajs';
import { waitFor } from '../../base/wait.ts';
import { recordsTopic } from '../../topology/brokers.ts';

/** The controller tells every broker of a new topic within a second; a busy machine takes longer. */
const knownMs = 30_000;

/** Connects a consumer to the topic of the records, from its first offset on, once the broker it asks knows it. */
export async function subscribed(consumer: Consumer): Promise<void> {
  const wait = { what: `a broker to know topic "${recordsTopic}"`, deadlineMs: knownMs, everyMs: 200 };
  await waitFor(wait, async () => {
    await consumer.connect();
    await consumer.subscribe({ topic: recordsTopic, fromBeginning: true });
    return true;
  });
}
