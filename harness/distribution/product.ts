import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Trouble, usage } from '../base/trouble.ts';
import { compareVersions } from '../topology/version.ts';
import { type Cache, entry } from './cache.ts';
import { checkManifest, type Depth, writeManifest } from './manifest.ts';
import { type FetchJars, fetchThroughMaven } from './maven.ts';
import { saysUnknown } from './maven-output.ts';
import { pomOf } from './pom.ts';
import type { Artifact, Coordinates } from './zookeeper-artifacts.ts';

/** Server software that Maven has: what it is called, which jars make it, which releases we know of. */
export interface Product {
  /** "ZooKeeper". */
  name: string;
  /** Of its entries in the cache: "zookeeper". */
  entry: string;
  artifacts(version: string): Artifact[];
  /** Releases to suggest, old to new. */
  known: readonly string[];
  /** Its own jars, which come first: where two jars hold the same class, its own wins. */
  ownJar: RegExp;
}

export interface FetchOptions {
  /** How far to check what is in the cache; `full` for the doctor. */
  depth?: Depth;
  fetch?: FetchJars;
}

/**
 * The jars of a release from Maven, through the cache: fetched once, checked on every use, fetched again (and said
 * aloud) when damaged. Throws `Trouble`: unknown release, no Maven, no network, no disk.
 */
export async function jarsOf(
  product: Product,
  cache: Cache,
  version: string,
  { depth = 'quick', fetch = fetchThroughMaven }: FetchOptions = {},
): Promise<string[]> {
  const artifacts = product.artifacts(version);
  const what = `${product.name} ${version}`;
  const recipe = createHash('sha256').update(pomOf(artifacts)).digest('hex').slice(0, 8);
  let damage: string | undefined;
  const dir = await entry(cache, `${product.entry}-${version}-${recipe}`, {
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
        throw explainUnknown(product, error, artifacts[0]!);
      });
      await writeManifest(dir, 'lib');
    },
  });
  const manifest = await checkManifest(dir, 'quick');
  if ('damage' in manifest)
    throw new Trouble(dir, `damaged right after fetching: ${manifest.damage}`, 'try again');
  return sortClasspath(
    manifest.files.map(({ name }) => join(dir, name)),
    product.ownJar,
  );
}

/** The product's own jars first, otherwise by name: a class data archive needs one order. */
function sortClasspath(jars: string[], own: RegExp): string[] {
  const rank = (jar: string) => (own.test(jar) ? 0 : 1);
  return jars.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function explainUnknown({ name, known }: Product, error: unknown, asked: Coordinates): unknown {
  const { version } = asked;
  if (!(error instanceof Trouble) || known.includes(version) || !saysUnknown(error, asked)) return error;
  const near = nearestVersions(version, known).join(', ');
  return usage(`${name} ${version}`, 'Maven knows no such release', `nearest: ${near}`, error);
}

/** The newest releases of the same line, or, of an unknown line, the newest release of each line. */
export function nearestVersions(version: string, known: readonly string[]): string[] {
  const lineOf = (release: string) => release.split('.').slice(0, 2).join('.');
  const newestFirst = known.toSorted(compareVersions).reverse();
  const sameLine = newestFirst.filter((each) => lineOf(each) === lineOf(version));
  if (sameLine.length > 0) return sameLine.slice(0, 3);
  return newestFirst.filter(
    (each, index) => newestFirst.findIndex((other) => lineOf(other) === lineOf(each)) === index,
  );
}
