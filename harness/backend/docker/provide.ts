import { messageOf, Trouble } from '../../base/trouble.ts';
import { buildBase, holderName } from './build-base.ts';
import { type Engine, findEngine } from './discover.ts';
import { ask } from './engine.ts';
import { imageNamed, imageOf } from './images.ts';
import { kafkaImageNamed, kafkaImageOf } from './kafka-images.ts';
import { lookAtImage } from './present-image.ts';
import type { BrokerImage, ContainerServers, ServerImage } from './server-image.ts';

export interface Wanted {
  /** Releases that the scenarios need; given the release that servers run which name none. */
  versionsFor(zookeeper: string): string[];
  zookeeper: string;
  /** Runs servers that name no release from this image. */
  image?: string;
  /** Releases of Kafka that the scenarios need; none where there are no brokers. */
  kafkas?: readonly string[];
  /** Runs brokers from this image. */
  kafkaImage?: string;
  /** Longest wait for one image. */
  pullMs: number;
  say: (line: string) => void;
}

export interface Provided {
  servers: ContainerServers;
  /** Release of servers that name none. */
  zookeeper: string;
  /** Which engine and images, for a line to the user. */
  what: string;
}

const ryukMs = 20_000;

/** Everything a run in containers needs, found or pulled before it begins. Throws `Trouble` for the first thing missing. */
export async function provideContainers(wanted: Wanted): Promise<Provided> {
  const engine = await findEngine();
  const images: Record<string, ServerImage> = {};
  let { zookeeper } = wanted;
  if (wanted.image !== undefined) {
    const named = await imageNamed(engine, wanted.image, wanted.pullMs);
    zookeeper = named.version;
    images[zookeeper] = named.image;
  }
  for (const version of wanted.versionsFor(zookeeper)) {
    images[version] ??= await imageOf(engine, version, wanted.pullMs);
  }
  const brokers: Record<string, BrokerImage> = {};
  for (const version of wanted.kafkas ?? []) {
    brokers[version] =
      wanted.kafkaImage === undefined
        ? await kafkaImageOf(engine, version)
        : await kafkaImageNamed(engine, wanted.kafkaImage, version, wanted.pullMs);
  }
  const holder = await holderOn(engine, wanted);
  const labels = await ryukLabels(engine, wanted.say);
  const all = [...Object.values(images), ...Object.values(brokers)];
  const names = [...new Set(all.map(({ name }) => name))].join(', ');
  return {
    servers: { engine: engine.address, clientHost: engine.clientHost, holder, images, brokers, labels },
    zookeeper,
    what: `engine ${engine.version}, ${names}`,
  };
}

/** The holder's image; made from Debian's where that is there or can be pulled. */
async function holderOn(engine: Engine, { pullMs, say }: Wanted): Promise<string> {
  if (await lookAtImage(engine, holderName)) return holderName;
  return buildBase(engine, { say, pullMs, bootstrap: false });
}

/**
 * Ryuk, the reaper of Testcontainers, as a second net below ours where it can be had. It follows this process, and all
 * processes of Testcontainers on an engine share it, so it may clean up later than ours does.
 */
async function ryukLabels({ client }: Engine, say: (line: string) => void): Promise<Record<string, string>> {
  if (process.env.TESTCONTAINERS_RYUK_DISABLED === 'true') return {};
  const { getReaper, LABEL_TESTCONTAINERS_SESSION_ID } = await import('testcontainers');
  try {
    const { sessionId } = await ask('starting Ryuk', getReaper(client), ryukMs);
    return { [LABEL_TESTCONTAINERS_SESSION_ID]: sessionId };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    say(
      `without Ryuk as second net (${messageOf(error.cause)}); TESTCONTAINERS_RYUK_DISABLED=true skips the try`,
    );
    return {};
  }
}
