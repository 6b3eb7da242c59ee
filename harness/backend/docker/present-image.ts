import { Trouble } from '../../base/trouble.ts';
import type { Engine } from './discover.ts';
import { ask, statusOf, wordsOf } from './engine.ts';
import type { ServerImage } from './server-image.ts';

/** Present on an engine where a registry cannot be reached: made by `gauntlet images build` (build-server-image.ts). */
export const localName = (version: string) => `zk-gauntlet/zookeeper:${version}`;
export const localKafka = (version: string) => `zk-gauntlet/kafka:${version}`;
export const officialName = (version: string) => `zookeeper:${version}`;

/** Which recipe an image of ours was made with; images with it need no check of their contract. */
export const recipeLabel = 'org.zk-gauntlet.recipe';

export interface Present {
  id: string;
  env: string[];
  labels: Record<string, string>;
  /** Places it declares as volumes: the engine makes one without a name for each that nothing is mounted at. */
  volumes: string[];
}

/** An image the engine has; undefined when it has none of that name. */
export async function lookAtImage({ client }: Engine, name: string): Promise<Present | undefined> {
  try {
    const { Id, Config } = await ask(
      `looking at image ${name}`,
      client.container.dockerode.getImage(name).inspect(),
    );
    return {
      id: Id,
      env: Config.Env ?? [],
      labels: Config.Labels ?? {},
      volumes: Object.keys(Config.Volumes ?? {}),
    };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Pulls an image with the user's own credentials; undefined when it is there afterwards, else why it is not. */
export async function pull(
  { client }: Engine,
  name: string,
  deadlineMs: number,
): Promise<string | undefined> {
  const { ImageName } = await import('testcontainers');
  const engine = { client } as Engine;
  try {
    await ask(`pulling ${name}`, client.image.pull(ImageName.fromString(name)), deadlineMs);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return wordsOf(error.cause);
  }
  // An error in the middle of a pull ends its stream like success does.
  return (await lookAtImage(engine, name)) ? undefined : 'the registry did not deliver it';
}

/** Where an image keeps things, by the variables it sets; the official image's places where it sets none. */
export function placesOf(name: string, env: readonly string[]): ServerImage {
  const value = (key: string, otherwise: string) =>
    env.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) || otherwise;
  return {
    name,
    confDir: value('ZOO_CONF_DIR', '/conf'),
    dataDir: value('ZOO_DATA_DIR', '/data'),
    dataLogDir: value('ZOO_DATA_LOG_DIR', '/datalog'),
    logDir: value('ZOO_LOG_DIR', '/logs'),
  };
}
