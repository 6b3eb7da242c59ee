import { usage } from '../base/trouble.ts';
import { checkKafka } from '../distribution/kafka.ts';
import { composeFile } from '../topology/compose-file.ts';
import { kubernetesManifest } from '../topology/kubernetes.ts';
import { parseLayers } from '../topology/notation.ts';
import { resolveTopology } from '../topology/resolve.ts';
import { checkVersion } from '../topology/version.ts';

interface ComposeCommandOptions {
  zookeeper: string;
  kafka: string;
  image?: string;
  kafkaImage?: string;
  port: string;
  brokerPort: string;
}

/**
 * `gauntlet compose 3+2`, `gauntlet compose kafka 3`: prints a docker-compose file and nothing else. `gauntlet compose
 * kubernetes 3`: manifests of the same topology.
 */
export function composeCommand(words: readonly string[], options: ComposeCommandOptions): void {
  const { zookeeper, kafka, image, kafkaImage, port, brokerPort } = options;
  checkVersion(zookeeper, '--zookeeper');
  const { form, topology: input } = parseLayers(words);
  const topology = resolveTopology(input, zookeeper, checkKafka(kafka));
  const images = { ...(image !== undefined && { image }), ...(kafkaImage !== undefined && { kafkaImage }) };
  if (form === 'kubernetes') {
    process.stdout.write(kubernetesManifest(topology, images));
    return;
  }
  const firstPort = portOf('--port', port, topology.nodes.length, 'servers');
  const firstBrokerPort = portOf('--broker-port', brokerPort, topology.kafka?.nodes.length ?? 0, 'brokers');
  process.stdout.write(composeFile(topology, { firstPort, firstBrokerPort, ...images }));
}

/** The first of so many ports in a row. */
function portOf(option: string, text: string, count: number, what: string): number {
  const first = Number(text);
  if (/^\d+$/.test(text) && first >= 1 && first + count - 1 <= 65535) return first;
  throw usage(
    `${option} ${text}`,
    'no port',
    `give one from 1 to ${65536 - count}: ${count} ${what} follow each other`,
  );
}
