import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Trouble, usage } from '../base/trouble.ts';
import { checkVersion, compareVersions } from '../topology/version.ts';
import { type Cache, entry } from './cache.ts';
import { checkManifest, type Depth, writeManifest } from './manifest.ts';
import { type FetchJars, fetchThroughMaven } from './maven.ts';
import { saysUnknown } from './maven-output.ts';
import { pomOf } from './pom.ts';
import { type Coordinates, knownVersions, zookeeperArtifacts } from './zookeeper-artifacts.ts';

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

export interface FetchOptions {
  /** How far to check what is in the cache; `full` for the doctor. */
  depth?: Depth;
  fetch?: FetchJars;
}

export const zookeeperMain = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';

/**
 * A release from Maven, through the cache: fetched once, checked on every use, fetched again (and said aloud) when
 * damaged. Throws `Trouble`: unknown release, no Maven, no network, no disk.
 */
export async function zookeeperFromMaven(
  cache: Cache,
  version: string,
  { depth = 'quick', fetch = fetchThroughMaven }: FetchOptions = {},
): Promise<ServerSoftware> {
  checkVersion(version, '--zookeeper');
  const artifacts = zookeeperArtifacts(version);
  const what = `ZooKeeper ${version}`;
  const recipe = createHash('sha256').update(pomOf(artifacts)).digest('hex').slice(0, 8);
  let damage: string | undefined;
  const dir = await entry(cache, `zookeeper-${version}-${recipe}`, {
    what: `fetching ${what}`,
    async usable(dir) {
      const checked = await checkManifest(dir, depth);
      damage = 'damage' in checked ? checked.damage : undefined;
      return damage === undefined;
    },
    async make(dir) {
      if (damage !== undefined)
        cache.progress(`${what} in the cache is damaged: ${damage}; fetching it again`);
      await fetch(cache, { what, artifacts, into: dir }).catch((error) => {
        throw explainUnknown(error, artifacts[0]!);
      });
      await writeManifest(dir, 'lib');
    },
  });
  const manifest = await checkManifest(dir, 'quick');
  if ('damage' in manifest)
    throw new Trouble(dir, `damaged right after fetching: ${manifest.damage}`, 'try again');
  return {
    version,
    origin: 'maven',
    classpath: sortClasspath(manifest.files.map(({ name }) => join(dir, name))),
    mainClass: zookeeperMain,
    flags: [],
    logBackend: 'log4j',
  };
}

/** The product's own jars first: where two jars hold the same class, its own wins. Otherwise by name: CDS needs one order. */
function sortClasspath(jars: string[]): string[] {
  const rank = (jar: string) => (/\/zookeeper[\w.-]*\.jar$/.test(jar) ? 0 : 1);
  return jars.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function explainUnknown(error: unknown, asked: Coordinates): unknown {
  const { version } = asked;
  if (!(error instanceof Trouble) || knownVersions.includes(version) || !saysUnknown(error, asked))
    return error;
  const near = nearestVersions(version).join(', ');
  return usage(`ZooKeeper ${version}`, 'Maven knows no such release', `nearest: ${near}`, error);
}

/** The newest releases of the same line, or, of an unknown line, the newest release of each line. */
export function nearestVersions(version: string): string[] {
  const lineOf = (release: string) => release.split('.').slice(0, 2).join('.');
  const newestFirst = knownVersions.toSorted(compareVersions).reverse();
  const sameLine = newestFirst.filter((known) => lineOf(known) === lineOf(version));
  if (sameLine.length > 0) return sameLine.slice(0, 3);
  return newestFirst.filter(
    (known, index) => newestFirst.findIndex((other) => lineOf(other) === lineOf(known)) === index,
  );
}
