import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Clock } from '../../base/clock.ts';
import type { RecordRow } from '../../history/records.ts';
import { recordsTopic } from '../../topology/brokers.ts';
import { outcomeOf, patientKafka } from './kafka.ts';
import { subscribed } from './subscribed.ts';

export const readersGroup = 'readers';

/** A member that says nothing for so long loses its partitions to the others, ms. */
const sessionMs = 6000;

/** Reads what the group is assigned, and commits after every batch what it has read. */
export class RecordConsumer {
  readonly #consumer: Consumer;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #write: (row: RecordRow) => void;

  constructor(index: number, brokers: readonly string[], clock: Clock, write: (row: RecordRow) => void) {
    this.#name = `r${index}`;
    this.#clock = clock;
    this.#write = write;
    this.#consumer = patientKafka(brokers, this.#name).consumer({
      groupId: readersGroup,
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: 500,
      maxWaitTimeInMs: 200,
      allowAutoTopicCreation: false,
    });
    this.#consumer.on('consumer.group_join', ({ payload }) => {
      const partitions = payload.memberAssignment[recordsTopic] ?? [];
      write({ kind: 'joined', consumer: this.#name, partitions, atNs: clock.nowNs() });
    });
  }

  async begin(): Promise<void> {
    await subscribed(this.#consumer);
    await this.#consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (batch) => this.#batch(batch),
    });
  }

  async end(): Promise<void> {
    await this.#consumer.disconnect();
  }

  async #batch({ batch, isStale }: EachBatchPayload): Promise<void> {
    if (isStale() || batch.messages.length === 0) return;
    const { partition } = batch;
    const records = batch.messages.map(
      ({ offset, value }) => [Number(offset), String(value)] as [number, string],
    );
    const consumer = this.#name;
    this.#write({ kind: 'polled', consumer, partition, records, atNs: this.#clock.nowNs() });
    const offset = records.at(-1)![0] + 1;
    const invokedNs = this.#clock.nowNs();
    const commit = { kind: 'committed', consumer, partition, offset, invokedNs } as const;
    try {
      await this.#consumer.commitOffsets([{ topic: recordsTopic, partition, offset: String(offset) }]);
      this.#write({ ...commit, outcome: 'ok', returnedNs: this.#clock.nowNs() });
    } catch (error) {
      this.#write({ ...commit, ...outcomeOf(error, 'commit'), returnedNs: this.#clock.nowNs() });
      throw error;
    }
  }
}
