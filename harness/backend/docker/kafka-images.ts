import { Trouble } from '../../base/trouble.ts';
import type { Engine } from './discover.ts';
import { checkKafkaImage } from './kafka-contract.ts';
import { localKafka, lookAtImage, pull } from './present-image.ts';
import type { BrokerImage } from './server-image.ts';

/**
 * The image of one release of Kafka: the local one. No registry has one for every release: Confluent's images count
 * releases of their own, and the official ones (apache/kafka) know KRaft only.
 */
export async function kafkaImageOf(engine: Engine, version: string): Promise<BrokerImage> {
  const name = localKafka(version);
  const present = await lookAtImage(engine, name);
  if (present) return { name, volumes: present.volumes };
  throw new Trouble(`image ${name}`, 'is not there', `run \`gauntlet images build --kafka ${version}\``);
}

/** Any image the user names, which must hold brokers of this release. */
export async function kafkaImageNamed(
  engine: Engine,
  name: string,
  version: string,
  pullMs: number,
): Promise<BrokerImage> {
  if (!(await lookAtImage(engine, name))) {
    const failure = await pull(engine, name, pullMs);
    const reason = `is not there and cannot be pulled (${failure})`;
    if (failure !== undefined) throw new Trouble(`--kafka-image ${name}`, reason, 'pull or build it first');
  }
  return checkKafkaImage(engine, name, version);
}
