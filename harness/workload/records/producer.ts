import type { Producer } from 'kafkajs';
import { type Clock, sleep } from '../../base/clock.ts';
import type { RecordRow, SendOutcome } from '../../history/records.ts';
import { recordsTopic } from '../../topology/brokers.ts';
import { honestKafka, outcomeOf } from './kafka.ts';
import type { RecordsParams } from './params.ts';

/** How long a broker waits for its followers before it says so, ms. */
const ackMs = 2500;
const pauseMs = 100;

export interface ProducerSetup {
  index: number;
  brokers: readonly string[];
  params: RecordsParams;
  clock: Clock;
  write(row: RecordRow): void;
}

/**
 * Sends one record after the other, each once, to partition after partition. After an error it goes on with a new
 * connection and new metadata, as an application that does not retry would.
 */
export class RecordProducer {
  readonly #setup: ProducerSetup;
  readonly #name: string;
  readonly #stopping = new AbortController();
  #producer: Producer | undefined;
  #connects: number;
  #life: Promise<void> = Promise.resolve();

  constructor(setup: ProducerSetup) {
    this.#setup = setup;
    this.#name = `p${setup.index}`;
    this.#connects = setup.index;
  }

  begin(): void {
    this.#life = this.#live();
  }

  async end(): Promise<void> {
    this.#stopping.abort();
    await this.#life;
    await this.#drop();
  }

  async #live(): Promise<void> {
    const { index, params } = this.#setup;
    const turnMs = 1000 / params.recordsPerSecond;
    for (let n = 0; !this.#stopping.signal.aborted; ) {
      const producer = await this.#connected();
      if (!producer) {
        await sleep(pauseMs);
        continue;
      }
      const begun = performance.now();
      if (!(await this.#send(producer, (index + n) % params.partitions, `${this.#name}-${n}`)))
        await this.#drop();
      n++;
      const restMs = turnMs - (performance.now() - begun);
      if (restMs > 0) await sleep(restMs);
    }
  }

  /** Whether the connection is good for more. */
  async #send(producer: Producer, partition: number, value: string): Promise<boolean> {
    const { clock, params, write } = this.#setup;
    const invokedNs = clock.nowNs();
    const end = (outcome: SendOutcome, rest: { offset?: number; error?: string }) =>
      write({
        ...{ kind: 'sent', producer: this.#name, partition, value, outcome, ...rest },
        ...{ invokedNs, returnedNs: clock.nowNs() },
      });
    try {
      const answers = await producer.send({
        topic: recordsTopic,
        acks: params.acks === 'all' ? -1 : 1,
        timeout: ackMs,
        messages: [{ value, partition }],
      });
      const [answer] = answers;
      const offset = Number(answer?.baseOffset);
      if (answers.length === 1 && answer!.partition === partition && answer!.errorCode === 0 && offset >= 0) {
        end('ok', { offset });
        return true;
      }
      end('unknown', { error: `the client answered ${JSON.stringify(answers)}` });
      return false;
    } catch (error) {
      end(...told(outcomeOf(error)));
      return false;
    }
  }

  async #connected(): Promise<Producer | undefined> {
    if (this.#producer) return this.#producer;
    const producer = honestKafka(this.#setup.brokers, this.#name, this.#connects++).producer({
      allowAutoTopicCreation: false,
      idempotent: false,
      maxInFlightRequests: 1,
      retry: { retries: 0 },
    });
    try {
      await producer.connect();
      this.#producer = producer;
    } catch {
      // Nothing was sent; the next turn asks again, of whichever broker answers then.
      await producer.disconnect();
    }
    return this.#producer;
  }

  async #drop(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect();
  }
}

const told = ({ outcome, error }: { outcome: SendOutcome; error: string }) => [outcome, { error }] as const;
