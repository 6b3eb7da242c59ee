import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ServerSoftware } from '../../distribution/zookeeper.ts';
import { log4jProperties } from '../../topology/log4j-properties.ts';
import { recipes } from './build-base.ts';
import { buildImage } from './build-image.ts';
import type { Engine } from './discover.ts';
import { localKafka, localName, lookAtImage, recipeLabel } from './present-image.ts';

/** Three servers are led through an election and 3,200 classes are stored; a loaded machine takes a minute. */
const buildMs = 10 * 60_000;

/** What the local image of each is called; its recipe is the folder of that name. */
const names = { zookeeper: localName, kafka: localKafka };

/** A local image of one release, unless it is there already with the same recipe, jars and base. */
export async function buildServerImage(
  engine: Engine,
  base: string,
  product: keyof typeof names,
  { version, classpath }: ServerSoftware,
  say: (line: string) => void,
): Promise<{ name: string; made: boolean }> {
  const name = names[product](version);
  const recipe = join(recipes, product);
  const jars = classpath.filter(runsInContainers);
  const hash = await hashOf(engine, base, recipe, jars);
  if ((await lookAtImage(engine, name))?.labels[recipeLabel] === hash) return { name, made: false };
  say(`making ${name}`);
  const context = await mkdtemp(join(tmpdir(), 'gauntlet-image-'));
  try {
    await cp(recipe, context, { recursive: true });
    await mkdir(join(context, 'conf'));
    await writeFile(join(context, 'conf', 'log4j.properties'), log4jProperties());
    await mkdir(join(context, 'lib'));
    for (const jar of jars) await copyFile(jar, join(context, 'lib', basename(jar)));
    await buildImage(engine, {
      name,
      context: { directory: context, files: await readdir(context) },
      dockerfile: 'Dockerfile',
      args: { BASE: base, VERSION: version },
      labels: { [recipeLabel]: hash },
      deadlineMs: buildMs,
      network: 'none',
    });
    return { name, made: true };
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Native libraries of other systems are a third of the jars and never loaded. */
const runsInContainers = (jar: string) => !/-(?:osx|windows)-[\w-]+\.jar$/.test(jar);

async function hashOf(
  engine: Engine,
  base: string,
  recipe: string,
  jars: readonly string[],
): Promise<string> {
  const hash = createHash('sha256').update((await lookAtImage(engine, base))?.id ?? '');
  for (const file of (await readdir(recipe)).sort())
    hash.update(file).update(await readFile(join(recipe, file)));
  hash.update(log4jProperties());
  for (const jar of jars) hash.update(basename(jar));
  return hash.digest('hex').slice(0, 12);
}
