import { brokerAnswers } from './broker-answers.ts';
import { type KafkaLayer, outsidePort } from './brokers.ts';
import { brokerDataDir, confluentImage } from './confluent.ts';
import { kafkaVariables } from './kafka-variables.ts';
import { brokerSettings } from './server-properties.ts';
import { clientPortOf, nodeName, type Topology } from './topology.ts';

export interface BrokerOptions {
  /** Image of a broker; Confluent's of its line when absent. */
  kafkaImage?: string;
  /** Published port of broker 1; the others follow. */
  firstBrokerPort: number;
}

/** Brokers as services of a docker-compose file; they wait for healthy servers, and are healthy when they answer. */
export function brokerServices(topology: Topology, kafka: KafkaLayer, options: BrokerOptions) {
  return kafka.nodes.map((node, i) => brokerOf(topology, kafka, node, options, options.firstBrokerPort + i));
}

function brokerOf(
  topology: Topology,
  kafka: KafkaLayer,
  node: number,
  { kafkaImage }: BrokerOptions,
  published: number,
) {
  const name = nodeName(node);
  const data = `${name}-data`;
  const service = {
    image: kafkaImage ?? confluentImage(kafka.version),
    hostname: name,
    depends_on: Object.fromEntries(
      topology.nodes.map(({ sid }) => [nodeName(sid), { condition: 'service_healthy' }]),
    ),
    environment: environmentOf(topology, kafka, node, published),
    ports: [`127.0.0.1:${published}:${outsidePort}`],
    volumes: [`${data}:${brokerDataDir}`],
    // Confluent's image declares it a volume: each start would leave one without a name.
    tmpfs: ['/etc/kafka/secrets'],
    healthcheck: {
      test: ['CMD', 'bash', '-c', brokerAnswers(name)],
      interval: '2s',
      timeout: '5s',
      retries: 30,
    },
  };
  return { name, service, volumes: [data] };
}

/** Brokers find each other by their names; clients outside are told the published port. */
function environmentOf(topology: Topology, kafka: KafkaLayer, node: number, published: number) {
  const settings = brokerSettings(kafka, node, {
    host: nodeName(node),
    dataDir: brokerDataDir,
    zookeeper: topology.nodes.map(({ sid }) => `${nodeName(sid)}:${clientPortOf(topology, sid)}`),
    outside: { host: '127.0.0.1', port: published },
  });
  return {
    ...kafkaVariables(settings),
    KAFKA_HEAP_OPTS: '-Xms96m -Xmx256m',
    ...(kafka.jvmFlags.length > 0 && { KAFKA_OPTS: kafka.jvmFlags.join(' ') }),
  };
}
