import { Trouble } from '../../base/trouble.ts';
import { quickBrokerFlags } from '../../distribution/jvm.ts';
import { isBroker } from '../../topology/brokers.ts';
import { brokerDataDir } from '../../topology/confluent.ts';
import { kafkaVariables } from '../../topology/kafka-variables.ts';
import { log4jProperties } from '../../topology/log4j-properties.ts';
import { brokerSettings } from '../../topology/server-properties.ts';
import { clientPortOf, nodeName, type Topology } from '../../topology/topology.ts';
import type { StartOptions } from '../backend.ts';
import { oneLine, serverFiles } from './server-files.ts';
import type { ContainerServers } from './server-image.ts';
import type { TarFile } from './tar.ts';

/** What the container of a node is made of, and what lies in its configuration directory before it starts. */
export interface NodeLaunch {
  version: string;
  made: {
    image: string;
    env: string[];
    /** Where the container sees the volumes of its pod. */
    places: { conf: string; data: string; dataLog?: string };
    /** What it writes that nobody needs; in memory. */
    scratch: string[];
  };
  files: TarFile[];
}

export interface LaunchParts {
  topology: Topology;
  servers: Pick<ContainerServers, 'images' | 'brokers'>;
  addressOf: (node: number) => string;
}

/** `outside`: where clients reach the node when that is not its own address. */
export function launchOf(
  parts: LaunchParts,
  node: number,
  options: StartOptions,
  outside?: { host: string; port: number },
): NodeLaunch {
  return isBroker(node) ? brokerLaunch(parts, node, options, outside) : serverLaunch(parts, node, options);
}

function serverLaunch(
  { topology, servers: { images }, addressOf }: LaunchParts,
  sid: number,
  options: StartOptions,
): NodeLaunch {
  const spec = topology.nodes.find((candidate) => candidate.sid === sid);
  if (!spec) throw new Error(`the topology has no server ${sid}`);
  const version = options.version ?? spec.version;
  const image = imageIn(images, version, sid, 'ZooKeeper');
  const { name, confDir, dataDir, dataLogDir, logDir } = image;
  const { separateLogDir } = topology;
  return {
    version,
    made: {
      image: name,
      // JMX for a console nobody opens costs a quarter of the start; the heap is given by java.env.
      env: [`ZOO_MY_ID=${sid}`, 'JMXDISABLE=true', 'ZK_SERVER_HEAP=128'],
      places: { conf: confDir, data: dataDir, ...(separateLogDir && { dataLog: dataLogDir }) },
      scratch: separateLogDir ? [logDir] : [dataLogDir, logDir],
    },
    files: serverFiles(topology, sid, image, addressOf, version, options),
  };
}

function imageIn<I>(images: Readonly<Record<string, I>>, version: string, node: number, of: string): I {
  const image = images[version];
  if (image) return image;
  throw new Trouble(nodeName(node), `there is no image of ${of} ${version} here`, 'name it in the topology');
}

/** A place no image has, so nothing of an image is covered. */
const brokerConf = '/gauntlet';

/** A broker has its settings by the variables of its image, so other settings make another container. */
function brokerLaunch(
  { topology, servers: { brokers = {} }, addressOf }: LaunchParts,
  node: number,
  { version: asked, settings = {}, jvmFlags = [] }: StartOptions,
  outside: { host: string; port: number } | undefined,
): NodeLaunch {
  const { kafka } = topology;
  if (!kafka) throw new Error(`the topology has no broker ${node}`);
  const version = asked ?? kafka.version;
  const image = imageIn(brokers, version, node, 'Kafka');
  const zookeeper = topology.nodes.map(({ sid }) => `${addressOf(sid)}:${clientPortOf(topology, sid)}`);
  const place = { host: addressOf(node), dataDir: brokerDataDir, zookeeper, ...(outside && { outside }) };
  const variables = {
    ...kafkaVariables(
      brokerSettings({ ...kafka, settings: { ...kafka.settings, ...settings } }, node, place),
    ),
    KAFKA_JVM_PERFORMANCE_OPTS: oneLine(quickBrokerFlags),
    KAFKA_OPTS: oneLine([...kafka.jvmFlags, ...jvmFlags]),
    KAFKA_LOG4J_OPTS: `-Dlog4j.configuration=file:${brokerConf}/log4j.properties`,
  };
  return {
    version,
    made: {
      image: image.name,
      env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      places: { conf: brokerConf, data: brokerDataDir },
      scratch: image.volumes.filter((path) => path !== brokerDataDir),
    },
    files: [{ name: 'log4j.properties', text: log4jProperties() }],
  };
}
