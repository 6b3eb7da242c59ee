import { openSync, writeSync } from 'node:fs';
import { type Clock, clockSince, sleep } from '../../base/clock.ts';
import { messageOf } from '../../base/trouble.ts';
import { waitFor } from '../../base/wait.ts';
import type { RecordRow } from '../../history/records.ts';
import { recordsTopic, transactionsTopic } from '../../topology/brokers.ts';
import { RecordConsumer, readersGroup } from './consumer.ts';
import { IdempotentProducer } from './idempotent-producer.ts';
import { JavaClients } from './java-clients.ts';
import { patientKafka } from './kafka.ts';
import type { FromRecords, RecordsOrderName, RecordsStart, RecordsTally, ToRecords } from './messages.ts';
import { type ProducerSetup, RecordProducer } from './producer.ts';
import { readCommitted } from './read-committed.ts';
import { readLogs } from './read-logs.ts';
import { TransactionalProducer } from './transactional-producer.ts';

/** The process of all clients of the brokers: a library that misbehaves hurts nobody else. */

const tallyMs = 50;
const topicMs = 30_000;
/** How long the group may take to read what was written last. */
const drainMs = 20_000;

function say(message: FromRecords): void {
  process.send!(message);
}

class RecordClients {
  readonly #start: RecordsStart;
  readonly #clock: Clock;
  readonly #file: number;
  readonly #tally: RecordsTally;
  readonly #producers: { begin(): void; end(): Promise<void> }[];
  readonly #javaProducers: (IdempotentProducer | TransactionalProducer)[] = [];
  readonly #java: JavaClients | undefined;
  readonly #consumers: RecordConsumer[];
  readonly #read = new Map<number, number>();
  readonly #acked = new Map<number, number>();

  constructor(start: RecordsStart) {
    const { params, brokers, java } = start;
    this.#start = start;
    this.#clock = clockSince(start.origin);
    this.#file = openSync(start.historyPath, 'a');
    this.#tally = { ok: 0, fail: 0, unknown: 0, ackedByPartition: Array(params.partitions).fill(0) };
    const write = (row: RecordRow) => this.#write(row);
    const several = <T>(length: number, make: (setup: ProducerSetup) => T) =>
      Array.from({ length }, (_, index) => make({ index, brokers, params, clock: this.#clock, write }));
    this.#producers = several(params.producers, (setup) => new RecordProducer(setup));
    if (java && 'no' in java) write({ kind: 'no-java-clients', reason: `${java.no}; ${java.remedy}` });
    else if (java) {
      const clients = new JavaClients(java.command);
      this.#javaProducers.push(
        ...several(params.idempotent, (setup) => new IdempotentProducer(clients, setup)),
        ...several(params.transactional, (setup) => new TransactionalProducer(clients, setup)),
      );
      this.#producers.push(...this.#javaProducers);
      this.#java = clients;
    }
    this.#consumers = Array.from(
      { length: params.consumers },
      (_, index) => new RecordConsumer(index, brokers, this.#clock, write),
    );
    setInterval(() => say({ from: 'tally', tally: this.#tally }), tallyMs);
  }

  readonly orders: Record<RecordsOrderName, () => Promise<void>> = {
    'set-up': async () => {
      await this.#makeTopics();
      await Promise.all(this.#javaProducers.map((producer) => producer.getReady()));
    },
    begin: async () => {
      await Promise.all(this.#consumers.map((consumer) => consumer.begin()));
      for (const producer of this.#producers) producer.begin();
    },
    quiesce: async () => {
      await Promise.all(this.#producers.map((producer) => producer.end()));
      if (this.#consumers.length > 0) await this.#drain();
      await Promise.all(this.#consumers.map((consumer) => consumer.end()));
      if (this.#consumers.length > 0) await this.#groupOffsets();
    },
    'read-final': () => this.#readLogs('final'),
    'read-poweroff': () => this.#readLogs('poweroff'),
  };

  async #readLogs(phase: 'final' | 'poweroff'): Promise<void> {
    const { brokers, params } = this.#start;
    const write = (row: RecordRow) => this.#write(row);
    await readLogs(brokers, phase, write);
    if (this.#java && params.transactional > 0)
      await readCommitted(this.#java, { brokers, partitions: params.partitions, phase }, write);
  }

  async #makeTopics(): Promise<void> {
    const { params, brokers } = this.#start;
    const topics = [recordsTopic, ...(params.transactional > 0 ? [transactionsTopic] : [])];
    const replicas = params.replicationFactor ?? Math.min(3, brokers.length);
    const admin = patientKafka(brokers, 'set-up').admin();
    try {
      await waitFor(
        { what: `topics ${topics.join(' and ')} to be made`, deadlineMs: topicMs, everyMs: 200 },
        async () => {
          await admin.connect();
          const known = await admin.listTopics();
          const missing = topics.filter((topic) => !known.includes(topic));
          if (missing.length === 0) return true;
          await admin.createTopics({
            waitForLeaders: true,
            topics: missing.map((topic) => ({
              topic,
              numPartitions: params.partitions,
              replicationFactor: replicas,
              configEntries: [
                {
                  name: 'min.insync.replicas',
                  value: String(params.minInsyncReplicas ?? Math.min(2, replicas)),
                },
                { name: 'unclean.leader.election.enable', value: String(params.uncleanLeaderElection) },
              ],
            })),
          });
          return true;
        },
      );
    } finally {
      await admin.disconnect();
    }
  }

  /** Until the group has read every record that was acknowledged; what it has not by then, the rules tell. */
  async #drain(): Promise<void> {
    const endAt = performance.now() + drainMs;
    const behind = () =>
      [...this.#acked].some(([partition, offset]) => (this.#read.get(partition) ?? -1) < offset);
    while (behind() && performance.now() < endAt) await sleep(tallyMs);
  }

  async #groupOffsets(): Promise<void> {
    const admin = patientKafka(this.#start.brokers, 'offsets').admin();
    try {
      const groups = await waitFor(
        { what: 'the offsets of the group', deadlineMs: topicMs, everyMs: 200 },
        async () => {
          await admin.connect();
          return admin.fetchOffsets({ groupId: readersGroup, topics: [recordsTopic] });
        },
      );
      for (const { partition, offset } of groups[0]!.partitions)
        this.#write({ kind: 'group-offset', partition, offset: Number(offset), atNs: this.#clock.nowNs() });
    } finally {
      await admin.disconnect();
    }
  }

  #write(row: RecordRow): void {
    writeSync(this.#file, `${JSON.stringify(row)}\n`);
    if (row.kind === 'sent') this.#count(row.outcome, row.partition, row.offset);
    if (row.kind === 'polled') {
      const last = row.records.at(-1)![0];
      this.#read.set(row.partition, Math.max(last, this.#read.get(row.partition) ?? -1));
    }
  }

  #count(outcome: keyof Omit<RecordsTally, 'ackedByPartition'>, partition: number, offset = -1): void {
    this.#tally[outcome]++;
    if (outcome !== 'ok') return;
    this.#tally.ackedByPartition[partition]!++;
    this.#acked.set(partition, Math.max(offset, this.#acked.get(partition) ?? -1));
  }
}

let clients: RecordClients | undefined;

process.on('message', async (message: ToRecords) => {
  if (message.to === 'start') {
    clients = new RecordClients(message.start);
    return;
  }
  const { id, order } = message;
  try {
    await clients!.orders[order]();
    say({ from: 'done', id });
  } catch (error) {
    say({ from: 'failed', id, reason: messageOf(error) });
  }
});
// Whoever started it has gone.
process.on('disconnect', () => process.exit(0));
