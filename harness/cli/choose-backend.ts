import { provideContainers } from '../backend/docker/provide.ts';
import { trySandbox } from '../backend/sandbox/try-sandbox.ts';
import type { OwnServers } from '../backend/server-source.ts';
import { messageOf, Trouble, usage } from '../base/trouble.ts';
import { openCache } from '../distribution/cache.ts';
import { withCds } from '../distribution/cds.ts';
import { findJava } from '../distribution/java.ts';
import { type JavaClients, javaClients } from '../distribution/java-clients.ts';
import { kafkaFromMaven } from '../distribution/kafka.ts';
import { type ServerSoftware, zookeeperFromMaven } from '../distribution/zookeeper.ts';
import { zookeeperFromHome } from '../distribution/zookeeper-home.ts';

export interface Asked {
  backend: 'auto' | 'docker' | 'sandbox';
  zookeeper: string;
  zookeeperHome?: string;
  image?: string;
  /** Releases the scenarios need, given the release of servers that name none. */
  versionsFor(zookeeper: string): string[];
  /** Releases of Kafka the scenarios need; none where there are no brokers. */
  kafkas?: readonly string[];
  kafkaImage?: string;
  say: (line: string) => void;
}

export interface Chosen {
  servers: OwnServers;
  /** Why this backend. */
  why: string;
  /** Release of servers that name none. */
  zookeeper: string;
  /** The build of this machine's Java, where servers run on it. */
  java: string | null;
}

/** Longest pull of one image: when it was asked for, and when there is a sandbox to take instead. */
const pullMs = { asked: 10 * 60_000, auto: 10_000 };

/** Which backend `--backend` means here, why, and the servers it has: everything a run needs besides its scenarios. */
export async function chooseBackend(asked: Asked): Promise<Chosen> {
  checkTogether(asked);
  if (asked.backend === 'sandbox') return sandbox(asked, 'as asked');
  if (asked.zookeeperHome !== undefined)
    return sandbox(asked, '--zookeeper-home is a program of this machine');
  if (asked.backend === 'docker') return docker(asked, 'as asked', pullMs.asked);
  if (asked.image !== undefined) return docker(asked, '--image', pullMs.asked);
  if (asked.kafkaImage !== undefined) return docker(asked, '--kafka-image', pullMs.asked);
  if (process.platform !== 'linux') return docker(asked, `the one for ${process.platform}`, pullMs.asked);
  try {
    return await docker(asked, 'an engine answers and has what is needed', pullMs.auto);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return sandbox(asked, `no Docker: ${messageOf(error)}`);
  }
}

function checkTogether({ backend, zookeeperHome, image, kafkaImage, kafkas = [] }: Asked): void {
  if (kafkaImage !== undefined && (backend === 'sandbox' || zookeeperHome !== undefined))
    throw usage(`--kafka-image ${kafkaImage}`, 'the sandbox runs no images', 'use --backend docker');
  if (kafkaImage !== undefined && kafkas.length === 0)
    throw usage(`--kafka-image ${kafkaImage}`, 'no scenario has brokers', 'leave it out');
  if (image !== undefined && backend === 'sandbox')
    throw usage(`--image ${image}`, 'the sandbox runs no images', 'use --backend docker');
  if (zookeeperHome === undefined) return;
  const thing = `--zookeeper-home ${zookeeperHome}`;
  if (backend === 'docker')
    throw usage(thing, 'containers run images', 'give an --image, or use --backend sandbox');
  if (image !== undefined) throw usage(thing, 'and --image', 'give only one of them');
}

async function docker(asked: Asked, why: string, pullMs: number): Promise<Chosen> {
  const { servers, zookeeper, what } = await provideContainers({ ...asked, pullMs });
  return { servers: { backend: 'docker', ...servers }, why: `${why}; ${what}`, zookeeper, java: null };
}

async function sandbox(asked: Asked, why: string): Promise<Chosen> {
  await trySandbox();
  const java = await findJava();
  const cache = await openCache(asked.say);
  const kafka: Record<string, ServerSoftware> = {};
  const clients: Record<string, JavaClients> = {};
  for (const version of asked.kafkas ?? []) {
    kafka[version] = await kafkaFromMaven(cache, version);
    clients[version] = await javaClients(cache, java, kafka[version]);
  }
  const chosen = (
    zookeeper: string,
    software: (OwnServers & { backend: 'sandbox' })['software'],
  ): Chosen => ({
    servers: { backend: 'sandbox', java: java.command, software, kafka, javaClients: clients },
    why,
    zookeeper,
    java: java.full,
  });
  if (asked.zookeeperHome !== undefined) {
    const home = await zookeeperFromHome(asked.zookeeperHome);
    return chosen(home.version, { [home.version]: await withCds(cache, java, home) });
  }
  const software: (OwnServers & { backend: 'sandbox' })['software'] = {};
  for (const version of asked.versionsFor(asked.zookeeper)) {
    software[version] = await withCds(cache, java, await zookeeperFromMaven(cache, version));
  }
  return chosen(asked.zookeeper, software);
}
