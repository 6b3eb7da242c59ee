import { stringify } from 'yaml';
import { type BrokerOptions, brokerServices } from './compose-brokers.ts';
import { type NodeSpec, nodeName, type Topology } from './topology.ts';
import { atLeast } from './version.ts';
import { type ServerPlace, zooCfg } from './zoo-cfg.ts';

export interface ComposeOptions extends BrokerOptions {
  /** Image of a server; the official one of its release when absent. */
  image?: string;
  /** Published port of server 1; the others follow. */
  firstPort: number;
}

/** Where the official image keeps things (github.com/31z4/zookeeper-docker). */
const dataDir = '/data';
const dataLogDir = '/datalog';
const logDir = '/logs';

/** Lines of zoo.cfg that the official image writes from variables of their own; it takes the others from ZOO_CFG_EXTRA. */
const variables: Record<string, string> = {
  tickTime: 'ZOO_TICK_TIME',
  initLimit: 'ZOO_INIT_LIMIT',
  syncLimit: 'ZOO_SYNC_LIMIT',
  maxClientCnxns: 'ZOO_MAX_CLIENT_CNXNS',
  'autopurge.purgeInterval': 'ZOO_AUTOPURGE_PURGEINTERVAL',
  'autopurge.snapRetainCount': 'ZOO_AUTOPURGE_SNAPRETAINCOUNT',
  'admin.enableServer': 'ZOO_ADMINSERVER_ENABLED',
  standaloneEnabled: 'ZOO_STANDALONE_ENABLED',
  '4lw.commands.whitelist': 'ZOO_4LW_COMMANDS_WHITELIST',
};
/** Lines it writes by itself. */
const ofTheImage = ['dataDir', 'dataLogDir', 'clientPort'];

/**
 * Text of a docker-compose file for an ensemble: for docker-compose 1.29 and for Compose v2, neither of which wants a
 * version in it. Servers and brokers have the settings that they have in every backend; their data survives `down`, not `down -v`.
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
  const volumes = { [`${name}-data`]: dataDir, [`${name}-datalog`]: dataLogDir };
  const service = {
    image: image ?? `zookeeper:${node.version}`,
    hostname: name,
    environment: environmentOf(topology, node),
    ports: [`127.0.0.1:${published}:${client}`],
    volumes: Object.entries(volumes).map(([volume, path]) => `${volume}:${path}`),
    // What servers say goes to `docker-compose logs`; without this each start would leave a volume without a name.
    tmpfs: [logDir],
    healthcheck: {
      // Alive is not enough: a server without a quorum answers too, without a mode.
      test: ['CMD-SHELL', `echo srvr | nc -w 2 127.0.0.1 ${client} | grep -q ^Mode`],
      interval: '2s',
      timeout: '5s',
      retries: 15,
    },
  };
  return { name, service, volumes: Object.keys(volumes) };
}

function environmentOf(
  topology: Topology,
  { sid, version, jvmFlags }: NodeSpec,
): Record<string, string | number> {
  const place = (peer: number): ServerPlace => ({ host: nodeName(peer), dataDir, dataLogDir });
  const places = new Map(topology.nodes.map((peer) => [peer.sid, place(peer.sid)]));
  const lines = zooCfg(topology, sid, places).trim().split('\n').map(keyAndValue);
  // From 3.5 on the client port belongs to the line of the server.
  const clientPort = atLeast(version, '3.5.0') ? `;${topology.ports.client}` : '';
  const servers = lines.filter(([key]) => key.startsWith('server.'));
  const settings = lines.filter(([key]) => !key.startsWith('server.') && !ofTheImage.includes(key));
  const extra = settings.filter(([key]) => variables[key] === undefined);
  return {
    ZOO_MY_ID: sid,
    ZOO_SERVERS: servers.map((line) => line.join('=') + clientPort).join(' '),
    ...Object.fromEntries(
      settings.flatMap(([key, value]) => (variables[key] ? [[variables[key], value]] : [])),
    ),
    ...(extra.length > 0 && { ZOO_CFG_EXTRA: extra.map((line) => line.join('=')).join(' ') }),
    ...(jvmFlags.length > 0 && { JVMFLAGS: jvmFlags.join(' ') }),
  };
}

function keyAndValue(line: string): [key: string, value: string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
