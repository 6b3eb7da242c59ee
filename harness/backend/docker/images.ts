import { Trouble } from '../../base/trouble.ts';
import { checkContract } from './contract.ts';
import type { Engine } from './discover.ts';
import { localName, lookAtImage, officialName, placesOf, pull, recipeLabel } from './present-image.ts';
import type { ServerImage } from './server-image.ts';

/** The image of one release: the official one or a local one where there is one, else the official one, pulled. */
export async function imageOf(engine: Engine, version: string, pullMs: number): Promise<ServerImage> {
  for (const name of [officialName(version), localName(version)]) {
    if (await lookAtImage(engine, name)) return serverImage(engine, name);
  }
  const name = officialName(version);
  const failure = await pull(engine, name, pullMs);
  if (failure === undefined) return serverImage(engine, name);
  throw new Trouble(
    `image ${name}`,
    `is not there and cannot be pulled (${failure})`,
    `run \`gauntlet images build --zookeeper ${version}\`, or name one with --image`,
  );
}

/** Any image the user names, with the release it turns out to hold. */
export async function imageNamed(
  engine: Engine,
  name: string,
  pullMs: number,
): Promise<{ image: ServerImage; version: string }> {
  if (!(await lookAtImage(engine, name))) {
    const failure = await pull(engine, name, pullMs);
    if (failure !== undefined)
      throw new Trouble(
        `--image ${name}`,
        `is not there and cannot be pulled (${failure})`,
        'pull or build it first',
      );
  }
  return checkContract(engine, name);
}

async function serverImage(engine: Engine, name: string): Promise<ServerImage> {
  const present = await lookAtImage(engine, name);
  if (present?.labels[recipeLabel] !== undefined) return placesOf(name, present.env);
  return (await checkContract(engine, name)).image;
}
