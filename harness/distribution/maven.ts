import { constants } from 'node:fs';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Trouble } from '../base/trouble.ts';
import { type Cache, withLock } from './cache.ts';
import { condenseMavenOutput } from './maven-output.ts';
import { pomOf } from './pom.ts';
import { type Finished, NoSuchProgram, RanTooLong, runCommand } from './run-command.ts';
import type { Artifact } from './zookeeper-artifacts.ts';

interface Fetch {
  /** The product as the user knows it: "ZooKeeper 3.9.5". */
  what: string;
  artifacts: readonly Artifact[];
  /** Existing empty directory that receives the jars. */
  into: string;
}

/** Fetches jars; tests hand in one of their own. */
export type FetchJars = (cache: Cache, fetch: Fetch) => Promise<void>;

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
/** A slow line needs minutes for 20 MB and Maven's own plugins. */
const deadlineMs = 10 * 60_000;
const getMaven =
  'install Maven, for example "apt install maven" (Debian, Ubuntu), "dnf install maven" (Fedora) or ' +
  '"brew install maven" (macOS), or point --zookeeper-home at an unpacked release';

/**
 * Fetches jars through the user's own Maven: their settings, mirrors, credentials and local repository decide where from.
 * Checksums that do not match fail (-C), and earlier misses are tried again (-U). Throws `Trouble` in one line.
 */
export const fetchThroughMaven: FetchJars = async (cache, { what, artifacts, into }) => {
  // Two Mavens must not write one local repository at once (MNG-2802).
  await withLock(cache, 'maven', `fetching ${what}`, async () => {
    cache.progress(`fetching ${what} through Maven`);
    await writeFile(join(into, 'pom.xml'), pomOf(artifacts));
    const args = [
      ...['-B', '-q', '-C', '-U', '-Dstyle.color=never', '-f', join(into, 'pom.xml')],
      ...(await localRepository(cache)),
      copyDependencies,
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(into, 'lib')}`,
    ];
    const { code, signal, output } = await runMaven(args, into);
    if (code !== 0) throw condenseMavenOutput(what, output, signal ?? `exit ${code}`);
  });
  if ((await readdir(join(into, 'lib'))).length === 0) {
    throw new Trouble(what, 'Maven copied no jar', 'run with a newer Maven (3.6 or later)');
  }
};

/** What `mvn -version` says first: "Apache Maven 3.8.7". Throws `Trouble` when there is no Maven or it does not run. */
export async function findMaven(): Promise<string> {
  const { code, output } = await runMaven(['-version', '-Dstyle.color=never'], process.cwd());
  const line = /Apache Maven \S+/.exec(output)?.[0];
  if (code === 0 && line !== undefined) return line;
  throw condenseMavenOutput('mvn -version', output, `exit ${code}`);
}

async function runMaven(args: string[], cwd: string): Promise<Finished> {
  const { MAVEN_OPTS = '' } = process.env;
  // Leaves no /tmp/hsperfdata_<user> behind, and starts sooner.
  const env = { ...process.env, MAVEN_OPTS: `-XX:-UsePerfData -XX:TieredStopAtLevel=1 ${MAVEN_OPTS}` };
  try {
    return await runCommand('mvn', args, { cwd, env, deadlineMs });
  } catch (error) {
    if (error instanceof NoSuchProgram) {
      throw new Trouble('mvn', 'there is no Maven in PATH', getMaven, { cause: error });
    }
    if (error instanceof RanTooLong) {
      const remedy = 'look at the network, or point --zookeeper-home at an unpacked release';
      throw new Trouble('mvn', error.message, remedy, { cause: error });
    }
    throw error;
  }
}

/** Java finds the home in the user database, not in HOME; a user without a usable one gets a repository in the cache. */
async function localRepository(cache: Cache): Promise<string[]> {
  const { MAVEN_OPTS = '', MAVEN_ARGS = '' } = process.env;
  if (`${MAVEN_OPTS} ${MAVEN_ARGS}`.includes('-Dmaven.repo.local=')) return [];
  try {
    const home = join(userInfo().homedir, '.m2');
    await mkdir(home, { recursive: true });
    await access(home, constants.W_OK | constants.X_OK);
    return [];
  } catch {
    // Whatever is wrong with the home, the cache was found to be writable.
    return [`-Dmaven.repo.local=${join(cache.dir, 'm2')}`];
  }
}
