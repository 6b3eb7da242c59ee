import { atLeast } from './version.ts';

/**
 * Confluent Platform and the line of Kafka in each release of it
 * (docs.confluent.io, "Supported versions and interoperability"); 7.9 is the last with ZooKeeper.
 */
const platforms: readonly { platform: string; kafka: string }[] = [
  { platform: '5.4', kafka: '2.4.0' },
  { platform: '5.5', kafka: '2.5.0' },
  { platform: '6.0', kafka: '2.6.0' },
  { platform: '6.1', kafka: '2.7.0' },
  { platform: '6.2', kafka: '2.8.0' },
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((minor) => ({ platform: `7.${minor}`, kafka: `3.${minor}.0` })),
];

/** Confluent's image with the line of a release of Kafka; the patch level is Confluent's own. */
export function confluentImage(kafka: string): string {
  const line = platforms.findLast((each) => atLeast(kafka, each.kafka));
  if (!line) throw new Error(`no image of Confluent holds Kafka ${kafka}`);
  return `confluentinc/cp-kafka:${line.platform}.0`;
}

/** Where that image keeps data, and insists on being able to write. */
export const brokerDataDir = '/var/lib/kafka/data';
