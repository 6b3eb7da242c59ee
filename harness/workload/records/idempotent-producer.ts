import { sleep } from '../../base/clock.ts';
import { recordsTopic } from '../../topology/brokers.ts';
import type { JavaClients } from './java-clients.ts';
import { JavaProducer } from './java-producer.ts';
import type { ProducerSetup } from './producer.ts';

/** As many requests as Kafka keeps in order for an idempotent producer (max.in.flight.requests.per.connection, KIP-185). */
const inFlightMax = 5;
/** How long it tries to deliver a record, ms: longer than any fault here lasts, so that its retries are put to the test. */
const deliveryMs = 60_000;
const pauseMs = 100;

/** Kafka's own producer, which retries by itself, several requests on their way at once, and doubles nothing. */
export class IdempotentProducer {
  readonly #setup: ProducerSetup;
  readonly #producer: JavaProducer;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #broken = false;
  #life: Promise<void> = Promise.resolve();

  constructor(java: JavaClients, setup: ProducerSetup) {
    this.#setup = setup;
    this.#producer = new JavaProducer(java, `i${setup.index}`, setup.brokers, {
      'enable.idempotence': 'true',
      'max.in.flight.requests.per.connection': String(inFlightMax),
      'delivery.timeout.ms': String(deliveryMs),
      'max.block.ms': '10000',
    });
  }

  /** Before anything is at stake; throws WaitedInVain. */
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
    const { index, params } = this.#setup;
    for (let n = 0; !this.#stopping.signal.aborted; ) {
      if (this.#broken) await this.#settle();
      if (!(await this.#producer.ready())) {
        await sleep(pauseMs);
        continue;
      }
      if (this.#underWay.size >= inFlightMax) {
        await Promise.race(this.#underWay);
        continue;
      }
      const sending = this.#send((index + n) % params.partitions, `${this.#producer.name}-${n}`);
      this.#underWay.add(sending);
      void sending.then(() => this.#underWay.delete(sending));
      n++;
      await sleep(1000 / params.recordsPerSecond);
    }
    await Promise.all(this.#underWay);
    await this.#producer.close(deliveryMs);
  }

  async #send(partition: number, value: string): Promise<void> {
    const { clock, write } = this.#setup;
    const { name } = this.#producer;
    const invokedNs = clock.nowNs();
    const answer = await this.#producer.send(recordsTopic, partition, value);
    if (answer.outcome !== 'ok') this.#broken = true;
    write({
      ...{ kind: 'sent', producer: name, idempotent: true, partition, value, ...answer },
      ...{ invokedNs, returnedNs: clock.nowNs() },
    });
  }

  /** Gives up a life, and hears what became of all it sent before the next one begins. */
  async #settle(): Promise<void> {
    await this.#producer.close(0);
    await Promise.all(this.#underWay);
    this.#broken = false;
  }
}
