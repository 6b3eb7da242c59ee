import { messageOf } from '../../base/trouble.ts';
import { waitFor } from '../../base/wait.ts';
import type { SendOutcome } from '../../history/records.ts';
import { type JavaClients, JavaRefusal } from './java-clients.ts';

const readyMs = 60_000;

/** Of every producer: a small buffer, nothing held back, and an answer only once all in-sync replicas have a record. */
const common = {
  acks: 'all',
  'request.timeout.ms': '4000',
  'linger.ms': '0',
  'buffer.memory': '1048576',
};

/**
 * One producer of Kafka's own, opened anew after an error that may have broken it. Every life has a name of its own, for
 * what a broken one sent may still come late.
 */
export class JavaProducer {
  readonly #java: JavaClients;
  readonly #client: string;
  readonly #settings: Record<string, string>;
  #lives = 0;
  #open = false;

  constructor(
    java: JavaClients,
    client: string,
    brokers: readonly string[],
    settings: Record<string, string>,
  ) {
    this.#java = java;
    this.#client = client;
    this.#settings = { 'bootstrap.servers': brokers.join(','), ...common, ...settings };
  }

  /** "i0", and after the first error "i0.2". */
  get name(): string {
    return this.#lives < 2 ? this.#client : `${this.#client}.${this.#lives}`;
  }

  /** Its coordinator makes a topic of its own first. Throws WaitedInVain. */
  async getReady(): Promise<void> {
    const what = `the coordinator of producer ${this.#client}`;
    await waitFor({ what, deadlineMs: readyMs, everyMs: 100 }, async () => (await this.ready()) || undefined);
  }

  /** Whether it is ready for work; what it lacks of the brokers to be so, the next try may have. */
  async ready(): Promise<boolean> {
    if (this.#open) return true;
    const client = this.#client;
    await this.#java.ask({ do: 'open', client, settings: this.#settings });
    try {
      if ('transactional.id' in this.#settings) await this.#java.ask({ do: 'init', client });
    } catch (error) {
      if (!(error instanceof JavaRefusal)) throw error;
      await this.close(0);
      return false;
    }
    this.#lives++;
    this.#open = true;
    return true;
  }

  send(topic: string, partition: number, value: string) {
    return this.#outcome(recordRefusals, async () => {
      const order = { do: 'send', client: this.#client, topic, partition, value } as const;
      return { offset: await this.#java.ask<number>(order) };
    });
  }

  step(what: 'begin' | 'commit' | 'abort') {
    return this.#outcome(endRefusals, async () => {
      await this.#java.ask({ do: what, client: this.#client });
      return {};
    });
  }

  /** Waits so long for what is under way; 0 gives it up. */
  async close(withinMs: number): Promise<void> {
    this.#open = false;
    await this.#java.ask({ do: 'close', client: this.#client, withinMs });
  }

  async #outcome(
    refusals: ReadonlySet<string>,
    act: () => Promise<{ offset?: number }>,
  ): Promise<{ outcome: SendOutcome; offset?: number; error?: string }> {
    try {
      return { outcome: 'ok', ...(await act()) };
    } catch (error) {
      if (!(error instanceof JavaRefusal)) throw error;
      return {
        outcome: refusals.has(error.name) ? 'fail' : 'unknown',
        error: `${error.name}: ${messageOf(error)}`,
      };
    }
  }
}

/** Answers by which a record stands nowhere, whatever was tried before; all else is unknown, for the client retries by itself. */
const recordRefusals = new Set(['RecordTooLargeException', 'InvalidTopicException']);
/**
 * Answers by which the coordinator has ended a transaction otherwise before (TransactionCoordinator.endTransaction); an
 * answer that is only repeated is none of these.
 */
const endRefusals = new Set([
  'InvalidTxnStateException',
  'ProducerFencedException',
  'InvalidProducerEpochException',
]);
