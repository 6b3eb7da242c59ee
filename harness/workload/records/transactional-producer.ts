import { sleep } from '../../base/clock.ts';
import type { TransactionRecord } from '../../history/records.ts';
import { transactionsTopic } from '../../topology/brokers.ts';
import type { JavaClients } from './java-clients.ts';
import { JavaProducer } from './java-producer.ts';
import type { ProducerSetup } from './producer.ts';

/** Every fourth transaction is aborted on purpose. */
const abortEvery = 4;
/** Records of one transaction, in partitions that follow each other. */
const recordsEach = 4;
/** After so long the coordinator aborts what has no end (transaction.timeout.ms), ms. */
const transactionMs = 15_000;
/** How long a record, or the end of a transaction, is waited for, ms: some coordinators come back sooner, some do not. */
const answerMs = 8000;
const pauseMs = 100;

/** Kafka's own transactional producer: some records to several partitions, all of them or none. */
export class TransactionalProducer {
  readonly #setup: ProducerSetup;
  readonly #producer: JavaProducer;
  readonly #stopping = new AbortController();
  #life: Promise<void> = Promise.resolve();

  constructor(java: JavaClients, setup: ProducerSetup) {
    this.#setup = setup;
    const name = `t${setup.index}`;
    this.#producer = new JavaProducer(java, name, setup.brokers, {
      'transactional.id': name,
      'transaction.timeout.ms': String(transactionMs),
      'delivery.timeout.ms': String(answerMs),
      'max.block.ms': String(answerMs),
    });
  }

  /** Once its coordinator answers, before anything is at stake; throws WaitedInVain. */
  getReady(): Promise<void> {
    return this.#producer.getReady();
  }

  begin(): void {
    this.#life = this.#live();
  }

  async end(): Promise<void> {
    this.#stopping.abort();
    await this.#life;
  }

  async #live(): Promise<void> {
    for (let n = 0; !this.#stopping.signal.aborted; n++) {
      if (!(await this.#producer.ready())) {
        await sleep(pauseMs);
        continue;
      }
      const begun = performance.now();
      if (!(await this.#transaction(n))) await this.#producer.close(0);
      const turnMs = (recordsEach * 1000) / this.#setup.params.recordsPerSecond;
      await sleep(Math.max(0, turnMs - (performance.now() - begun)));
    }
    await this.#producer.close(0);
  }

  /** Whether the producer is good for more. */
  async #transaction(n: number): Promise<boolean> {
    const { clock, write } = this.#setup;
    const id = `${this.#producer.name}-${n}`;
    const invokedNs = clock.nowNs();
    if ((await this.#producer.step('begin')).outcome !== 'ok') return false;
    const records = await Promise.all(
      Array.from({ length: recordsEach }, (_, i) => this.#send(id, n * recordsEach + i)),
    );
    const whole = records.every(({ outcome }) => outcome === 'ok');
    const end = n % abortEvery === abortEvery - 1 || !whole ? 'abort' : 'commit';
    const endedNs = clock.nowNs();
    const answer = await this.#producer.step(end);
    write({
      ...{ kind: 'transaction', producer: this.#producer.name, id, records, end, ...answer },
      ...{ invokedNs, endedNs, returnedNs: clock.nowNs() },
    });
    return answer.outcome === 'ok';
  }

  async #send(id: string, n: number): Promise<TransactionRecord> {
    const partition = n % this.#setup.params.partitions;
    const value = `${id}.${n}`;
    return { partition, value, ...(await this.#producer.send(transactionsTopic, partition, value)) };
  }
}
