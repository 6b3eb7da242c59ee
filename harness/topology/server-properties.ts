import { brokerId, brokerPort, brokerSessionMs, type KafkaLayer, outsidePort } from './brokers.ts';

/** Where one broker lives, as the others see it. */
export interface BrokerPlace {
  host: string;
  dataDir: string;
  /** "host:port" of every ZooKeeper server. */
  zookeeper: readonly string[];
  /** Where clients reach it when that is somewhere else: its port there has a listener of its own. */
  outside?: { host: string; port: number };
}

/**
 * Records are safe by these (acks=all, two of three replicas, no unclean election); the rest makes brokers small and
 * quick. Defaults of Kafka that would hurt: the cleaner takes 128 MB of heap, every index file 10 MB of disk.
 */
const testDefaults: Readonly<Record<string, string>> = {
  'zookeeper.session.timeout.ms': String(brokerSessionMs),
  'zookeeper.connection.timeout.ms': '20000',
  'num.partitions': '1',
  'auto.create.topics.enable': 'false',
  'unclean.leader.election.enable': 'false',
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
  // Followers that fall behind for so long leave the ISR, so that acks=all is not held up for 30 s.
  'replica.lag.time.max.ms': '4000',
  'replica.fetch.wait.max.ms': '200',
  'replica.socket.timeout.ms': '3000',
  'controller.socket.timeout.ms': '3000',
  'request.timeout.ms': '3000',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'controlled.shutdown.max.retries': '2',
  'controlled.shutdown.retry.backoff.ms': '500',
  'num.network.threads': '2',
  'num.io.threads': '3',
  'background.threads': '2',
  'log.cleaner.dedupe.buffer.size': '2097152',
  'log.index.size.max.bytes': '65536',
  'log.segment.bytes': '16777216',
};

/** Text of `server.properties` of one broker. */
export function serverProperties(layer: KafkaLayer, node: number, place: BrokerPlace): string {
  return `${Object.entries(brokerSettings(layer, node, place))
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}

/** Every line of it. Settings of the topology win over the defaults, which are those of tests unless others are given. */
export function brokerSettings(
  { nodes, chroot, settings }: KafkaLayer,
  node: number,
  place: BrokerPlace,
  defaults = testDefaults,
): Record<string, string> {
  const replicas = String(Math.min(3, nodes.length));
  return {
    ...defaults,
    'default.replication.factor': replicas,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': nodes.length > 2 ? '2' : '1',
    'min.insync.replicas': nodes.length > 2 ? '2' : '1',
    ...settings,
    'broker.id': String(brokerId(node)),
    ...listeners(place),
    'log.dirs': place.dataDir,
    'zookeeper.connect': `${place.zookeeper.join(',')}${chroot}`,
  };
}

function listeners({ host, outside }: BrokerPlace): Record<string, string> {
  const own = `${host}:${brokerPort}`;
  if (!outside) return { listeners: `PLAINTEXT://${own}`, 'advertised.listeners': `PLAINTEXT://${own}` };
  return {
    listeners: `INSIDE://${own},OUTSIDE://${host}:${outsidePort}`,
    'advertised.listeners': `INSIDE://${own},OUTSIDE://${outside.host}:${outside.port}`,
    'listener.security.protocol.map': 'INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT',
    'inter.broker.listener.name': 'INSIDE',
  };
}
