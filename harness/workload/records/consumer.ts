import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/trouble.ts';
import type { RecordRow } from '../../history/records.ts';
import { recordsTopic } from '../../topology/brokers.ts';
import { commitOutcomeOf, patientKafka } from './kafka.ts';
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
  #ended = false;
  #revival: Promise<void> = Promise.resolve();

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
    // kafkajs rejoins when its group is rebalanced or has forgotten it, and begins anew after what it calls retriable. Any
    // other answer, ILLEGAL_GENERATION among them, stops it for good: then it is for the application to start it again.
    this.#consumer.on('consumer.crash', ({ payload: { error, restart } }) => {
      this.#crashed(error);
      if (!restart) this.#revival = this.#revive();
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

  #crashed(error: unknown): void {
    this.#write({
      kind: 'crashed',
      consumer: this.#name,
      error: messageOf(error),
      atNs: this.#clock.nowNs(),
    });
  }

  async #revive(): Promise<void> {
    while (!this.#ended) {
      try {
        return await this.begin();
      } catch (error) {
        this.#crashed(error);
      }
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#revival;
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
      this.#write({ ...commit, ...commitOutcomeOf(error), returnedNs: this.#clock.nowNs() });
      throw error;
    }
  }
}
