// A checkout runs as JavaScript, like the published package: loading TypeScript costs a process more than a second of
// processor time, and every scenario is a process with threads of its own.
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceFolders = ['harness', 'suites', 'reports'];

/** Who began with an older one has loaded all of it by then, but for the processes it still starts. */
const keptMs = 24 * 3600_000;

/**
 * The folder with the present sources as JavaScript, compiled now when there is none yet; undefined where nothing may be
 * written. It is named by paths, sizes and times of the sources, so it is never that of others, whoever else compiles.
 */
export async function compiled(cache = join(root, 'node_modules', '.cache', 'zk-gauntlet')) {
  const sources = sourceFolders.flatMap(filesIn).filter((file) => /\.[tj]s$/.test(file));
  const folder = join(cache, stampOf([...sources, fileURLToPath(import.meta.url)]));
  if (existsSync(folder)) return folder;
  if (!writable(cache)) return undefined;
  const unfinished = `${folder}.${process.pid}`;
  const { build } = await import('esbuild');
  await build({
    entryPoints: sources,
    outdir: unfinished,
    outbase: root,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    // Every file stays one of its own; bundling only serves to name the imported ones by what they are now.
    bundle: true,
    plugins: [{ name: 'one to one', setup: oneToOne }],
  });
  removeOld(cache);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** @param {import('esbuild').PluginBuild} build */
function oneToOne(build) {
  build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
    kind === 'entry-point' ? undefined : { path: path.replace(/^(\..*)\.ts$/, '$1.js'), external: true },
  );
}

/** @param {string} folder */
function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** @param {string[]} files */
function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files.toSorted()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} folder */
function writable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (['EACCES', 'EROFS', 'EPERM'].includes(code ?? '')) return false;
    throw error;
  }
}

/** @param {string} cache */
function removeOld(cache) {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (Date.now() - statSync(folder).mtimeMs > keptMs) rmSync(folder, { recursive: true, force: true });
  }
}
