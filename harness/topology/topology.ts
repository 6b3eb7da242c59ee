import * as z from 'zod';
import { brokerId, brokerPort, isBroker, type KafkaLayer, kafkaSchema } from './brokers.ts';
import { type StoredState, storedStateSchema } from './stored-state.ts';

/** Which kind of traffic a port carries: clients (2181), followers to their leader (2888), votes (3888). */
export const portClasses = ['client', 'quorum', 'election'] as const;
export type PortClass = (typeof portClasses)[number];

const portsSchema = z.strictObject({
  client: z.int().min(1).max(65535).default(2181),
  quorum: z.int().min(1).max(65535).default(2888),
  election: z.int().min(1).max(65535).default(3888),
});

const nodeSchema = z.strictObject({
  version: z.string().optional().describe('ZooKeeper release of this server; the run decides when absent'),
  weight: z.int().min(0).optional().describe('weight in a hierarchical quorum'),
  group: z.int().min(1).optional().describe('group in a hierarchical quorum'),
  jvmFlags: z.array(z.string()).optional().describe('added to the command line of this server'),
  at: z.int().min(1).optional().describe('id of the server whose address it shares'),
  ownHost: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be one host name or address')
    .optional()
    .describe('what it has in place of its address in its own line of its zoo.cfg, as 0.0.0.0'),
  ports: portsSchema.optional().describe('its own ports; servers that share an address need different ones'),
  myid: z
    .string()
    .nullable()
    .optional()
    .describe('text of its myid file instead of its id; null for no file'),
  stored: storedStateSchema.optional().describe('what it has on disk before its first start'),
});

/** What a user writes. Servers have the ids 1..n; observers come after the voters. */
export const topologySchema = z.strictObject({
  voters: z.int().min(1).max(9).default(3),
  observers: z.int().min(0).max(9).default(0),
  version: z.string().optional().describe('ZooKeeper release of all servers; overrides the command line'),
  ports: portsSchema.default({ client: 2181, quorum: 2888, election: 3888 }),
  separateLogDir: z
    .boolean()
    .default(false)
    .describe('transaction logs in a directory of their own (dataLogDir)'),
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('lines of zoo.cfg, over the test defaults'),
  jvmFlags: z.array(z.string()).default([]).describe('added to the command line of every server'),
  data: z
    .string()
    .optional()
    .describe('a data directory; every server has a copy of it before its first start'),
  nodes: z
    .record(z.string().regex(/^[1-9]\d*$/, 'must be a server id'), nodeSchema)
    .default({})
    .describe('what differs, by server id'),
  kafka: kafkaSchema.optional().describe('brokers that hang on these servers'),
});
export type TopologyInput = z.input<typeof topologySchema>;
export type ParsedTopology = z.infer<typeof topologySchema>;

type NodeKind = 'voter' | 'observer';

export interface NodeSpec {
  /** Server id: the number in `myid` and `server.N`. */
  sid: number;
  kind: NodeKind;
  version: string;
  weight: number;
  group: number | undefined;
  jvmFlags: string[];
  /** The server whose address it shares, itself when absent; and its own ports, the topology's when absent. */
  at?: number;
  ports?: Record<PortClass, number>;
  /** Stands for its address in the line it has of itself; the others have its address. */
  ownHost?: string;
  /** Text of the myid file when it is not the server's id; null: there is no file. */
  myid?: string | null;
  stored?: StoredState;
}

/** A whole ensemble as pure data: nothing left to decide. */
export interface Topology {
  nodes: NodeSpec[];
  ports: Record<PortClass, number>;
  separateLogDir: boolean;
  settings: Record<string, string>;
  /** Brokers above them; they are nodes with names, addresses and disks, but no servers of ZooKeeper. */
  kafka?: KafkaLayer;
  /** What every server has a copy of before its first start: the folder a server of this or an older release left. */
  data?: string;
}

export const nodeName = (sid: number) => (isBroker(sid) ? `kafka${brokerId(sid)}` : `zk${sid}`);

/** The port on which a node takes clients, in the network of the servers. */
export const clientPortOf = ({ nodes, ports }: Topology, sid: number): number =>
  isBroker(sid) ? brokerPort : (nodes.find((node) => node.sid === sid)?.ports ?? ports).client;

/** Every node there is, servers first. */
export const allNodesOf = ({ nodes, kafka }: Topology): number[] => [
  ...nodes.map(({ sid }) => sid),
  ...(kafka?.nodes ?? []),
];
