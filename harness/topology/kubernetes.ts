import { stringify } from 'yaml';
import { brokerAnswers } from './broker-answers.ts';
import { brokerPort, type KafkaLayer } from './brokers.ts';
import { brokerDataDir, confluentImage } from './confluent.ts';
import { kafkaVariables } from './kafka-variables.ts';
import { kubernetesSet } from './kubernetes-set.ts';
import { brokerSettings } from './server-properties.ts';
import { clientPortOf, type Topology } from './topology.ts';
import { serverDirs, serverServes, zookeeperVariables } from './zookeeper-variables.ts';

export interface KubernetesOptions {
  /** Images; the official one of servers and Confluent's of brokers when absent. */
  image?: string;
  kafkaImage?: string;
}

/** What servers in a cluster are told: the usual times instead of those of quick tests; 20 ticks are the longest session. */
const clusterServers: Readonly<Record<string, string>> = {
  tickTime: '2000',
  initLimit: '10',
  syncLimit: '5',
  maxSessionTimeout: '40000',
  maxClientCnxns: '60',
  'autopurge.purgeInterval': '1',
  '4lw.commands.whitelist': 'srvr',
  // A pod's own name may not be known yet when it starts to listen.
  quorumListenOnAllIPs: 'true',
};

/** What brokers in a cluster are told beside what the number of brokers says. */
const clusterBrokers: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'false',
  'unclean.leader.election.enable': 'false',
};

const zk = 'zk';
const kafka = 'kafka';
/** A pod's name ends with its ordinal, from 0; ids begin with 1. */
const idFromOrdinal = (variable: string) => `export ${variable}=$((\${HOSTNAME##*-}+1))`;
/** Pods of server N and of broker N, as the others find them. */
const podOf = (set: string, id: number) => `${set}-${id - 1}.${set}`;

/**
 * Text of Kubernetes manifests for the servers of a topology and the brokers above them: a StatefulSet each, with its
 * headless Service and disruption budget, and a Service for clients of ZooKeeper. Of what may differ from server to
 * server only the kind is told, which stands in the list; pods of a set are alike.
 */
export function kubernetesManifest(topology: Topology, options: KubernetesOptions): string {
  const objects = [
    ...servers(topology, options),
    ...(topology.kafka ? brokers(topology, topology.kafka, options) : []),
  ];
  return objects
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}

function servers(topology: Topology, { image }: KubernetesOptions): object[] {
  const [first] = topology.nodes;
  const { client, quorum, election } = topology.ports;
  const inCluster = { ...topology, settings: { ...clusterServers, ...topology.settings } };
  const { ZOO_MY_ID: _, ...env } = zookeeperVariables(inCluster, first!, (sid) => podOf(zk, sid));
  return [
    ...kubernetesSet({
      name: zk,
      replicas: topology.nodes.length,
      image: image ?? `zookeeper:${first!.version}`,
      script: `${idFromOrdinal('ZOO_MY_ID')}; exec /docker-entrypoint.sh zkServer.sh start-foreground`,
      env: { ...env, ZK_SERVER_HEAP: 512 },
      ports: { client, quorum, election },
      serves: serverServes(client),
      volumes: { data: serverDirs.data, datalog: serverDirs.dataLog },
      memory: '1Gi',
      graceSeconds: 30,
    }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `${zk}-client`, labels: { 'app.kubernetes.io/name': zk } },
      spec: { selector: { 'app.kubernetes.io/name': zk }, ports: [{ name: 'client', port: client }] },
    },
  ];
}

function brokers(topology: Topology, layer: KafkaLayer, { kafkaImage }: KubernetesOptions): object[] {
  const place = {
    host: `$(POD_NAME).${kafka}`,
    // Not the volume's root, where a file system has a folder lost+found: brokers end at names that are no partition.
    dataDir: `${brokerDataDir}/logs`,
    zookeeper: topology.nodes.map(({ sid }) => `${podOf(zk, sid)}:${clientPortOf(topology, sid)}`),
  };
  const { 'broker.id': _, ...settings } = brokerSettings(layer, layer.nodes[0]!, place, clusterBrokers);
  return kubernetesSet({
    name: kafka,
    replicas: layer.nodes.length,
    image: kafkaImage ?? confluentImage(layer.version),
    script: `${idFromOrdinal('KAFKA_BROKER_ID')}; exec /etc/confluent/docker/run`,
    env: {
      ...kafkaVariables({ ...settings, listeners: `PLAINTEXT://:${brokerPort}` }),
      KAFKA_HEAP_OPTS: '-Xms1g -Xmx1g',
    },
    ports: { broker: brokerPort },
    serves: brokerAnswers('127.0.0.1'),
    volumes: { data: brokerDataDir },
    memory: '2Gi',
    // A broker hands its partitions over before it ends (controlled shutdown).
    graceSeconds: 120,
  });
}
