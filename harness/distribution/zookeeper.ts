import { checkVersion } from '../topology/version.ts';
import type { Cache } from './cache.ts';
import { type FetchOptions, jarsOf, type Product } from './product.ts';
import { knownVersions, zookeeperArtifacts } from './zookeeper-artifacts.ts';

/** Everything needed to start one kind of server. */
export interface ServerSoftware {
  version: string;
  origin: 'maven' | 'home';
  /** Absolute paths of jars, the product's own first. */
  classpath: string[];
  mainClass: string;
  /** JVM flags this software cannot do without. */
  flags: string[];
  /** Which configuration file its log backend reads. */
  logBackend: 'log4j' | 'logback';
  /** Class data archive made for exactly this classpath and JDK. */
  cds?: string;
}

export const zookeeperMain = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';

const zookeeper: Product = {
  name: 'ZooKeeper',
  entry: 'zookeeper',
  artifacts: zookeeperArtifacts,
  known: knownVersions,
  ownJar: /\/zookeeper[\w.-]*\.jar$/,
};

/** A release of ZooKeeper from Maven, through the cache. Throws `Trouble` as `jarsOf` does. */
export async function zookeeperFromMaven(
  cache: Cache,
  version: string,
  options: FetchOptions = {},
): Promise<ServerSoftware> {
  checkVersion(version, '--zookeeper');
  return {
    version,
    origin: 'maven',
    classpath: await jarsOf(zookeeper, cache, version, options),
    mainClass: zookeeperMain,
    flags: [],
    logBackend: 'log4j',
  };
}
