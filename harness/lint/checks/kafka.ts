import type { Broker, Subject } from '../model.ts';
import { type Check, type Found, quoted } from './check.ts';

const perBroker =
  (find: (broker: Broker) => Found[]) =>
  ({ brokers }: Subject): Found[] =>
    brokers.flatMap(find);

/** Images that run Kafka without ZooKeeper only, from the given release on. */
const kraftOnly: { image: RegExp; since: number }[] = [
  { image: /(^|\/)apache\/kafka(-native)?(:|@|$)/, since: 0 },
  { image: /(^|\/)confluentinc\/(cp-kafka|confluent-local)(:|@|$)/, since: 8 },
  { image: /(^|\/)bitnami(legacy)?\/kafka(:|@|$)/, since: 4 },
];

/** Kafka brokers that are told where ZooKeeper is. */
export const kafkaChecks: readonly Check[] = [
  {
    id: 'kraft-image-with-zookeeper',
    severity: 'error',
    about: 'zookeeper.connect for an image that runs Kafka without ZooKeeper only',
    effect:
      'the entry script formats a KRaft log directory before the broker starts, and ends because process.roles is not ' +
      'set; Kafka 4 has no code for ZooKeeper at all',
    remedy: 'take an image with ZooKeeper mode (confluentinc/cp-kafka up to 7.9), or configure KRaft',
    source: 'entry scripts of the images (StorageTool format); Kafka 4.0, removal of ZooKeeper',
    find: perBroker(({ name, image, connect }) =>
      kraftOnly.some((known) => known.image.test(image) && majorOf(image) >= known.since)
        ? [{ place: connect.place, what: `${name} runs ${image}, which never speaks to ZooKeeper` }]
        : [],
    ),
  },
  {
    id: 'chroot-not-last',
    severity: 'error',
    about: 'a path in the middle of zookeeper.connect',
    effect:
      'the path belongs behind the last server and counts for all: everything after the first "/" is taken for the path, ' +
      'the other servers are not in the list, and brokers that write it differently do not see each other',
    remedy: 'write zk1:2181,zk2:2181,zk3:2181/kafka',
    source: 'org.apache.zookeeper.client.ConnectStringParser',
    find: perBroker(({ connect }) =>
      /\/[^,]*,/.test(connect.value)
        ? [{ place: connect.place, what: `"${quoted({ key: '', ...connect })}" has a path before its end` }]
        : [],
    ),
  },
];

/** Of a tag without a number: the newest. */
function majorOf(image: string): number {
  const major = /:v?(\d+)/.exec(image)?.[1];
  return major === undefined ? Number.POSITIVE_INFINITY : Number(major);
}
