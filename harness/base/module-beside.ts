import { extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packageRoot } from './package-root.ts';

/**
 * URL of our own module `name` beside `from` (an import.meta.url), to be started or loaded elsewhere. Tests run from
 * sources; `npm test` then says in GAUNTLET_COMPILED in which folder the same is compiled (bin/compile.js).
 */
export function moduleBeside(from: string, name: string): URL {
  const url = new URL(`./${name}${extname(from)}`, from);
  const compiled = process.env.GAUNTLET_COMPILED;
  if (!isSource(url) || compiled === undefined) return url;
  const path = relative(packageRoot, fileURLToPath(url)).replace(/\.ts$/, '.js');
  return pathToFileURL(join(compiled, path));
}

/** What Node must be told to run a module of ours: the TypeScript loader, where it is not compiled. */
export const loaderFor = (url: URL): string[] =>
  isSource(url) ? ['--import', import.meta.resolve('tsx')] : [];

export const isSource = (url: URL) => url.pathname.endsWith('.ts');
