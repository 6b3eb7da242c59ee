import { usage } from '../base/trouble.ts';
import { atLeast, checkVersion } from '../topology/version.ts';
import type { Cache } from './cache.ts';
import { type FetchOptions, jarsOf, type Product } from './product.ts';
import type { ServerSoftware } from './zookeeper.ts';
import type { Artifact } from './zookeeper-artifacts.ts';

/** Releases to suggest, old to new: the newest of each line that runs on ZooKeeper. Others are tried too: Maven decides. */
export const knownKafkas: readonly string[] = [
  ...['2.4.1', '2.5.1', '2.6.3', '2.7.0', '2.7.2', '2.8.2'],
  ...['3.0.2', '3.1.2', '3.2.3', '3.3.2', '3.4.1', '3.5.2', '3.6.2', '3.7.2', '3.8.1', '3.9.1', '3.9.2'],
];

const kafka: Product = {
  name: 'Kafka',
  entry: 'kafka',
  artifacts: kafkaArtifacts,
  known: knownKafkas,
  ownJar: /\/kafka[\w.-]*\.jar$/,
};

/**
 * A release of Kafka from Maven, through the cache. Throws a usage `Trouble` for a line that has no ZooKeeper any more,
 * and `Trouble` as `jarsOf` does.
 */
export async function kafkaFromMaven(
  cache: Cache,
  version: string,
  options: FetchOptions = {},
): Promise<ServerSoftware> {
  checkKafka(version);
  return {
    version,
    origin: 'maven',
    classpath: await jarsOf(kafka, cache, version, options),
    mainClass: 'kafka.Kafka',
    flags: [],
    logBackend: 'log4j',
  };
}

/** Throws a usage `Trouble` when it is no release of Kafka that runs on ZooKeeper. */
export function checkKafka(version: string): string {
  checkVersion(version, '--kafka', 'Kafka');
  const thing = `--kafka ${version}`;
  if (atLeast(version, '4.0.0'))
    throw usage(thing, 'Kafka 4 knows KRaft only and has no ZooKeeper', 'use 3.9.2 or earlier');
  // The first line that is there for Scala 2.13.
  if (!atLeast(version, '2.4.0'))
    throw usage(thing, 'there is no kafka_2.13 of that release', 'use 2.4.1 or later');
  return version;
}

/** The broker with what it needs at run time; its own POM leaves the log back end to whoever packages it. */
function kafkaArtifacts(version: string): Artifact[] {
  const everything = [{ group: '*', name: '*' }];
  return [
    {
      group: 'org.apache.kafka',
      name: 'kafka_2.13',
      version,
      without: [
        { group: 'ch.qos.logback', name: '*' },
        { group: 'log4j', name: 'log4j' },
        { group: 'org.slf4j', name: 'slf4j-log4j12' },
      ],
    },
    // 1.7.36 closes the slf4j line that all Kafka releases up to 3.9 are built with.
    { group: 'org.slf4j', name: 'slf4j-reload4j', version: '1.7.36', without: everything },
    { group: 'ch.qos.reload4j', name: 'reload4j', version: '1.2.25', without: everything },
  ];
}
