import type { Broker, Subject } from '../model.ts';
import { type Check, type Found, quoted } from './check.ts';
import { sameNamespace } from './kubernetes.ts';

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
  {
    id: 'service-called-kafka',
    severity: 'error',
    about: 'brokers beside a Service with an address that is called kafka',
    effect:
      "Kubernetes tells every pod of the namespace KAFKA_PORT=tcp://…, and images make a setting of it: Confluent's ends " +
      '("deprecated"), and so do brokers before 3.0 ("Invalid value tcp://… for configuration port")',
    remedy: 'set enableServiceLinks: false in the pods of the brokers, or call the Service something else',
    source: 'confluentinc/cp-docker-images#388; wurstmeister/kafka-docker#122',
    find: ({ brokers, services }) =>
      brokers.flatMap(({ name, pod }) =>
        pod?.serviceLinks &&
        services.some((each) => each.name === 'kafka' && !each.headless && sameNamespace(each, pod))
          ? [{ place: pod.place, what: `${name} is told KAFKA_PORT by the Service kafka` }]
          : [],
      ),
  },
  {
    id: 'logs-at-root-of-volume',
    severity: 'warning',
    about: 'partitions of a broker at the root of a volume',
    effect:
      "a volume with ext4 has a folder lost+found, and the broker ends: \"Found directory …/lost+found, 'lost+found' is not in " +
      'the form of topic-partition"',
    remedy: 'set KAFKA_LOG_DIRS to a folder below the mount, such as /var/lib/kafka/data/logs',
    source: 'LogManager.loadLogs; UnifiedLog.parseTopicPartitionName',
    find: ({ brokers }) =>
      brokers.flatMap(({ name, pod }) =>
        (pod?.claims ?? [])
          .filter(({ path }) => pod!.logDirs.includes(path))
          .map(({ path, place }) => ({ place, what: `${name} has its partitions in ${path} itself` })),
      ),
  },
  {
    id: 'broker-id-of-all',
    severity: 'error',
    about: 'one broker id for several replicas',
    effect:
      'the first to start is registered in /brokers/ids, and every other ends ("NodeExists"); which one it is changes with ' +
      'every start',
    remedy:
      "compute it from the pod's name: command: [bash, -c, 'export KAFKA_BROKER_ID=$(($(hostname | sed s/.*-//)+1)); exec " +
      "/etc/confluent/docker/run']",
    source: 'KafkaZkClient.registerBroker',
    find: ({ brokers }) =>
      brokers.flatMap(({ name, pod }) =>
        pod?.id && pod.replicas > 1
          ? [
              {
                place: pod.id.place,
                what: `all ${pod.replicas} brokers of ${name} have the id ${pod.id.text}`,
              },
            ]
          : [],
      ),
  },
];

/** Of a tag without a number: the newest. */
function majorOf(image: string): number {
  const major = /:v?(\d+)/.exec(image)?.[1];
  return major === undefined ? Number.POSITIVE_INFINITY : Number(major);
}
