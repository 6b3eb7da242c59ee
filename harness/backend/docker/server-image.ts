import type { EngineAddress } from './engine.ts';

/** An image with servers of one release, and where it keeps things: facts of its contract (contract.ts). */
export interface ServerImage {
  name: string;
  confDir: string;
  dataDir: string;
  dataLogDir: string;
  logDir: string;
}

/** An image with brokers of one release. */
export interface BrokerImage {
  name: string;
  /** Places it declares as volumes. */
  volumes: string[];
}

/** Everything a scenario process needs to run servers in containers. Plain data. */
export interface ContainerServers {
  engine: EngineAddress;
  /** Where published ports are reached from here: "127.0.0.1" unless the engine is on another machine. */
  clientHost: string;
  /** Image of the containers that hold the servers' networks: has nft, bash, timeout and sleep, and perl (talker-program.ts). */
  holder: string;
  /** By release. */
  images: Record<string, ServerImage>;
  /** By release of Kafka; none where there are no brokers. */
  brokers?: Record<string, BrokerImage>;
  /** Put on every object besides our own labels: the session of Ryuk, where it runs. */
  labels: Record<string, string>;
}
