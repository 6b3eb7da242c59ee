import type { Machine } from '../backend/backend.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import { brokerSessionMs, type KafkaLayer } from '../topology/brokers.ts';
import { nodeName } from '../topology/topology.ts';
import { type BrokerView, Registry } from './registry.ts';

/**
 * A start, an election and the catching up of replicas: some ten seconds on two cores with nothing else to do, and a
 * minute was seen where thirty programs shared them.
 */
export const brokersServingMs = 120_000;
const everyMs = 100;

/** What lies between ZooKeeper's servers and the brokers above them: who is registered, who controls, who leads. */
export class Brokers {
  readonly nodes: readonly number[];
  readonly #registry: Registry;
  readonly #serves: (node: number) => Promise<boolean>;

  constructor(
    { nodes, chroot }: KafkaLayer,
    servers: readonly Machine[],
    serves: (node: number) => Promise<boolean>,
  ) {
    this.nodes = nodes;
    this.#registry = new Registry(
      servers.map(({ endpoint }) => endpoint),
      chroot,
    );
    this.#serves = serves;
  }

  /** What ZooKeeper knows of them; undefined when nobody there answers now. */
  view(): Promise<BrokerView | undefined> {
    return this.#registry.look();
  }

  /**
   * Waits until ZooKeeper has forgotten the last life of a broker. One that starts sooner finds its own registration,
   * takes it for another broker's and ends (KafkaZkClient.registerBroker: NodeExists). Without a quorum nobody can say:
   * then the broker waits by itself.
   */
  async forgotten(node: number): Promise<void> {
    const wait = { what: `ZooKeeper to forget ${nodeName(node)}`, deadlineMs: 5 * brokerSessionMs, everyMs };
    let known = false;
    try {
      await waitFor(wait, async () => {
        const view = await this.view();
        known ||= view !== undefined;
        return view && !view.registered.includes(node) ? true : undefined;
      });
    } catch (error) {
      if (known || !(error instanceof WaitedInVain)) throw error;
    }
  }

  /** Whether it answers requests and is registered. */
  async joined(node: number): Promise<boolean> {
    const view = await this.view();
    return view?.registered.includes(node) === true && (await this.#serves(node));
  }

  /**
   * Waits until all of these are registered and answer, one of them is the controller, and every partition is led and
   * has all its replicas in sync. `ended` says which of them ended by themselves, for then it never will be so.
   */
  async gate(
    wanted: readonly number[],
    ended: () => string[],
    deadlineMs = brokersServingMs,
  ): Promise<{ view: BrokerView } | { lacking: string }> {
    let lacking = 'nobody answered for them in ZooKeeper';
    try {
      return await waitFor({ what: 'all brokers to serve', deadlineMs, everyMs }, async () => {
        const gone = ended();
        if (gone.length > 0) return { lacking: gone.join(', ') };
        const view = await this.view();
        if (!view) return undefined;
        const mute = (await Promise.all(wanted.map((node) => this.#serves(node)))).flatMap((serves, i) =>
          serves ? [] : [`${nodeName(wanted[i]!)} does not answer`],
        );
        const wrong = [...wrongIn(view, wanted), ...mute];
        lacking = wrong.join(', ');
        return wrong.length === 0 ? { view } : undefined;
      });
    } catch (error) {
      if (error instanceof WaitedInVain) return { lacking };
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#registry.close();
  }
}

/** Why the layer is not whole, a half-sentence each. */
function wrongIn({ registered, controller, partitions }: BrokerView, wanted: readonly number[]): string[] {
  const absent = wanted
    .filter((node) => !registered.includes(node))
    .map((node) => `${nodeName(node)} is not registered`);
  const nobody =
    controller !== undefined && wanted.includes(controller) ? [] : ['no broker that runs is controller'];
  const lame = partitions
    .filter(({ leader, isr, replicas }) => leader === undefined || isr.length < replicas.length)
    .map(
      ({ topic, partition, leader, isr }) =>
        `${topic}-${partition} is led by ${leader === undefined ? 'nobody' : nodeName(leader)} with ${isr.length} in sync`,
    );
  return [...absent, ...nobody, ...lame.slice(0, 3)];
}
