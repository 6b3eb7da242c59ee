import { errors } from '../client/errors.ts';
import { Session } from '../client/session.ts';
import { brokerNode } from '../topology/brokers.ts';
import type { Endpoint } from '../topology/endpoint.ts';

/** One partition as its controller wrote it down. */
export interface PartitionState {
  topic: string;
  partition: number;
  /** Undefined while nobody may lead it (-1). */
  leader: number | undefined;
  isr: number[];
  replicas: number[];
}

/** What ZooKeeper knows of the brokers; brokers as nodes. */
export interface BrokerView {
  registered: number[];
  controller: number | undefined;
  partitions: PartitionState[];
}

/** A server that does not answer so soon is not asked further. */
const askMs = 1000;
const sessionMs = 10_000;

/** Reads what brokers keep in ZooKeeper, with our own wire client, from whichever server answers. */
export class Registry {
  readonly #endpoints: readonly Endpoint[];
  readonly #chroot: string;
  #session: Session | undefined;
  #tries = 0;

  constructor(endpoints: readonly Endpoint[], chroot: string) {
    this.#endpoints = endpoints;
    this.#chroot = chroot;
  }

  /** Undefined when no server answers now. */
  async look(): Promise<BrokerView | undefined> {
    const session = await this.#connected();
    if (!session) return undefined;
    try {
      const ids = await this.#children(session, '/brokers/ids');
      const controller = await this.#json<{ brokerid: number }>(session, '/controller');
      const topics = await this.#children(session, '/brokers/topics');
      const partitions = await Promise.all(topics.map((topic) => this.#partitionsOf(session, topic)));
      return {
        registered: ids.map((id) => brokerNode(Number(id))).sort((a, b) => a - b),
        controller: controller && brokerNode(controller.brokerid),
        partitions: partitions.flat(),
      };
    } catch (error) {
      if (error instanceof NotAnswered) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#session?.state.kind === 'connected') await this.#session.close();
    else this.#session?.destroySocket();
  }

  async #partitionsOf(session: Session, topic: string): Promise<PartitionState[]> {
    const path = `/brokers/topics/${topic}`;
    const assigned = await this.#json<{ partitions: Record<string, number[]> }>(session, path);
    const states = Object.entries(assigned?.partitions ?? {}).map(async ([partition, replicas]) => {
      const state = await this.#json<{ leader: number; isr: number[] }>(
        session,
        `${path}/partitions/${partition}/state`,
      );
      const leader = state === undefined || state.leader < 0 ? undefined : brokerNode(state.leader);
      const isr = (state?.isr ?? []).map(brokerNode);
      return { topic, partition: Number(partition), leader, isr, replicas: replicas.map(brokerNode) };
    });
    return Promise.all(states);
  }

  async #children(session: Session, path: string): Promise<string[]> {
    const { outcome, error, body } = await session.request({
      kind: 'getChildren',
      path: `${this.#chroot}${path}`,
      watch: false,
    });
    if (outcome === 'ok') return body!.children;
    if (error === errors.NONODE.code) return [];
    throw new NotAnswered();
  }

  async #json<T>(session: Session, path: string): Promise<T | undefined> {
    const { outcome, error, body } = await session.request({
      kind: 'getData',
      path: `${this.#chroot}${path}`,
      watch: false,
    });
    if (outcome === 'ok') return JSON.parse(String(body!.data)) as T;
    if (error === errors.NONODE.code) return undefined;
    throw new NotAnswered();
  }

  /** One try, at the next server in line, when the session has no connection. */
  async #connected(): Promise<Session | undefined> {
    if (this.#session?.state.kind === 'connected') return this.#session;
    if (this.#session === undefined || this.#session.state.kind === 'expired')
      this.#session = new Session({ timeoutMs: sessionMs, connectMs: askMs, deadlineMs: askMs });
    const session = this.#session;
    const endpoint = this.#endpoints[this.#tries++ % this.#endpoints.length]!;
    const { outcome } = await (session.state.kind === 'new'
      ? session.open(endpoint)
      : session.moveTo(endpoint));
    return outcome === 'ok' ? session : undefined;
  }
}

class NotAnswered extends Error {}
