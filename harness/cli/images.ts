import { buildBase } from '../backend/docker/build-base.ts';
import { buildServerImage } from '../backend/docker/build-server-image.ts';
import { findEngine } from '../backend/docker/discover.ts';
import { openCache } from '../distribution/cache.ts';
import { checkKafka, kafkaFromMaven } from '../distribution/kafka.ts';
import { zookeeperFromMaven } from '../distribution/zookeeper.ts';
import { checkVersion } from '../topology/version.ts';

/** Where a registry answers, the first bytes come at once; where none does, asking longer does not help. */
const pullMs = 60_000;

interface Wanted {
  zookeeper: string[];
  kafka: string[];
}

/** `gauntlet images build`: local images with the contracts of the usual ones, for engines without a registry. */
export async function imagesBuildCommand({ zookeeper, kafka }: Wanted): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  for (const version of zookeeper) checkVersion(version, '--zookeeper');
  for (const version of kafka) checkKafka(version);
  const engine = await findEngine();
  const base = await buildBase(engine, { say, pullMs, bootstrap: true });
  say(`${base} is there`);
  const cache = await openCache(say);
  const wanted = [
    ...zookeeper.map((version) => ({ product: 'zookeeper', version, fetch: zookeeperFromMaven }) as const),
    ...kafka.map((version) => ({ product: 'kafka', version, fetch: kafkaFromMaven }) as const),
  ];
  for (const { product, version, fetch } of wanted) {
    const { name, made } = await buildServerImage(engine, base, product, await fetch(cache, version), say);
    say(made ? `${name} is made` : `${name} is there already`);
  }
}
