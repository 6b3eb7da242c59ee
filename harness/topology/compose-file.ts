import { stringify } from 'yaml';
import { type BrokerOptions, brokerServices } from './compose-brokers.ts';
import { type NodeSpec, nodeName, type Topology } from './topology.ts';
import { serverDirs, serverServes, zookeeperVariables } from './zookeeper-variables.ts';

export interface ComposeOptions extends BrokerOptions {
  /** Image of a server; the official one of its release when absent. */
  image?: string;
  /** Published port of server 1; the others follow. */
  firstPort: number;
}

/**
 * Text of a docker-compose file for an ensemble: for docker-compose 1.29 and for Compose v2, neither of which wants a
 * version in it. Servers and brokers have the settings that they have in every backend; their data survives `down`,
 * not `down -v`.
 */
export function composeFile(topology: Topology, options: ComposeOptions): string {
  const { nodes, kafka } = topology;
  const services = [
    ...nodes.map((node, i) => serverOf(topology, node, options, options.firstPort + i)),
    ...(kafka ? brokerServices(topology, kafka, options) : []),
  ];
  return stringify(
    {
      services: Object.fromEntries(services.map(({ name, service }) => [name, service])),
      volumes: Object.fromEntries(services.flatMap(({ volumes }) => volumes).map((name) => [name, {}])),
    },
    { lineWidth: 0 },
  );
}

function serverOf(topology: Topology, node: NodeSpec, { image }: ComposeOptions, published: number) {
  const name = nodeName(node.sid);
  const { client } = topology.ports;
  const volumes = { [`${name}-data`]: serverDirs.data, [`${name}-datalog`]: serverDirs.dataLog };
  const service = {
    image: image ?? `zookeeper:${node.version}`,
    hostname: name,
    environment: zookeeperVariables(topology, node, nodeName),
    ports: [`127.0.0.1:${published}:${client}`],
    volumes: Object.entries(volumes).map(([volume, path]) => `${volume}:${path}`),
    // What servers say goes to `docker-compose logs`; without this each start would leave a volume without a name.
    tmpfs: [serverDirs.logs],
    healthcheck: {
      test: ['CMD-SHELL', serverServes(client)],
      interval: '2s',
      timeout: '5s',
      retries: 15,
    },
  };
  return { name, service, volumes: Object.keys(volumes) };
}
