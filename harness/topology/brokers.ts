import * as z from 'zod';

/** Kafka's last line with ZooKeeper is 3.9 (KIP-833); this is its newest release. */
export const newestKafka = '3.9.2';

/**
 * Brokers are nodes like servers, with numbers of their own behind those of every server (at most 18): broker 1 is
 * node 101, called kafka1, with broker.id 1.
 */
const firstBroker = 101;
const brokersMax = 5;

export const isBroker = (node: number) => node >= firstBroker;
export const brokerNode = (id: number) => firstBroker - 1 + id;
export const brokerId = (node: number) => node - firstBroker + 1;

/** The number of a node that a scenario calls by its number or, a broker, by its name. */
export const nodeOf = (named: number | string) =>
  typeof named === 'number' ? named : brokerNode(Number(named.slice('kafka'.length)));

/** The topic that the clients of every scenario with brokers write to. */
export const recordsTopic = 'records';
/** Where transactions go: markers take offsets there, which are for no reader. */
export const transactionsTopic = 'transactions';

/** Where brokers take clients, and each other. */
export const brokerPort = 9092;
/** Where they take clients who reach them under another address than brokers do: through a published port. */
export const outsidePort = 9093;

/**
 * How long ZooKeeper keeps the registration of a broker it does not hear, ms (`zookeeper.session.timeout.ms`, 18000
 * otherwise). Thirteen ticks of the test ensembles: long enough for a busy machine, short enough to see it expire.
 */
export const brokerSessionMs = 4000;

/** What a user writes about the layer above ZooKeeper. */
export const kafkaSchema = z.strictObject({
  brokers: z.int().min(1).max(brokersMax).default(3),
  version: z.string().optional().describe('Kafka release of all brokers; overrides the command line'),
  chroot: z
    .string()
    .regex(/^(\/[\w.-]+)*$/, 'must be a path like /kafka, or empty')
    .default('/kafka')
    .describe('path in ZooKeeper that holds all they store there'),
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('lines of server.properties, over the test defaults'),
  jvmFlags: z.array(z.string()).default([]).describe('added to the command line of every broker'),
});

/** The brokers of a topology, with nothing left to decide. */
export interface KafkaLayer {
  /** Their node numbers. */
  nodes: number[];
  version: string;
  chroot: string;
  settings: Record<string, string>;
  jvmFlags: string[];
}
