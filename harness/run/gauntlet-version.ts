import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with our package.json: two up from here in a checkout, three in the published package (dist/). */
const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

export const gauntletVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

function findRoot(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('our own package.json is missing');
  return findRoot(parent);
}
