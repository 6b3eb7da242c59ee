import { buildBase } from '../backend/docker/build-base.ts';
import { buildZooKeeper } from '../backend/docker/build-zookeeper.ts';
import { findEngine } from '../backend/docker/discover.ts';
import { openCache } from '../distribution/cache.ts';
import { zookeeperFromMaven } from '../distribution/zookeeper.ts';
import { checkVersion } from '../topology/version.ts';

/** Where a registry answers, the first bytes come at once; where none does, asking longer does not help. */
const pullMs = 60_000;

/** `gauntlet images build`: local images with the contract of the official one, for engines without a registry. */
export async function imagesBuildCommand({ zookeeper }: { zookeeper: string[] }): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  for (const version of zookeeper) checkVersion(version, '--zookeeper');
  const engine = await findEngine();
  const base = await buildBase(engine, { say, pullMs, bootstrap: true });
  say(`${base} is there`);
  const cache = await openCache(say);
  for (const version of new Set(zookeeper)) {
    const { name, made } = await buildZooKeeper(engine, base, await zookeeperFromMaven(cache, version), say);
    say(made ? `${name} is made` : `${name} is there already`);
  }
}
