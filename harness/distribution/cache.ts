import { constants } from 'node:fs';
import { access, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf, Trouble } from '../base/trouble.ts';
import { lock, type Progress, tryLock } from './cache-lock.ts';

/** The directory of one user that keeps server software and class data archives between runs. */
export interface Cache {
  dir: string;
  progress: Progress;
}

/** Longest wait for another run that fetches the same; a slow network may need minutes for 20 MB. */
const lockDeadlineMs = 10 * 60_000;
const chooseCache = 'set ZK_GAUNTLET_CACHE to a directory of yours with 200 MB free';

/**
 * Opens the cache: ZK_GAUNTLET_CACHE, else XDG_CACHE_HOME/zk-gauntlet, else ~/.cache/zk-gauntlet, else, when the home is
 * not writable, a private directory under the temporary one. Removes what crashed runs left half-made.
 */
export async function openCache(progress: Progress, env: NodeJS.ProcessEnv = process.env): Promise<Cache> {
  const cache = { dir: await chooseDirectory(env), progress };
  await asTrouble(cache.dir, async () => {
    for (const part of ['entries', 'locks', 'making'])
      await mkdir(join(cache.dir, part), { recursive: true });
    await sweep(cache);
  });
  return cache;
}

export interface Recipe {
  /** For whoever waits for the lock: "fetching ZooKeeper 3.9.5". */
  what: string;
  /** Whether what is there may be used; asked before and under the lock. */
  usable(dir: string): Promise<boolean>;
  /** Fills an empty directory. */
  make(dir: string): Promise<void>;
}

/**
 * The directory of an entry, made if there is none or it is not usable. An entry appears whole, by renaming a finished
 * directory, and is made by one process at a time. Throws `Trouble` for a full disk, missing permission, or a taken lock.
 */
export async function entry(cache: Cache, name: string, recipe: Recipe): Promise<string> {
  const path = join(cache.dir, 'entries', name);
  return asTrouble(cache.dir, async () => {
    if ((await exists(path)) && (await recipe.usable(path))) return path;
    return withLock(cache, name, recipe.what, async () => {
      if (await exists(path)) {
        if (await recipe.usable(path)) return path;
        await rm(path, { recursive: true, force: true });
      }
      await sweepMaking(cache, name);
      const making = await mkdtemp(join(cache.dir, 'making', `${name}~`));
      try {
        await recipe.make(making);
        await rename(making, path);
      } finally {
        await rm(making, { recursive: true, force: true });
      }
      return path;
    });
  });
}

/** Does something while no other process does the same. */
export async function withLock<T>(
  cache: Cache,
  name: string,
  what: string,
  act: () => Promise<T>,
): Promise<T> {
  const path = lockPath(cache, name);
  const held = await lock(path, { what, deadlineMs: lockDeadlineMs, progress: cache.progress });
  try {
    return await act();
  } finally {
    await held.release();
  }
}

/** A directory is only made under its entry's lock: if we can have the lock, nobody is making it any more. */
async function sweep(cache: Cache): Promise<void> {
  const left = await readdir(join(cache.dir, 'making'));
  const locks = await readdir(join(cache.dir, 'locks'));
  const names = [
    ...left.map((name) => name.split('~')[0]!),
    ...locks.map((file) => file.replace(/\.lock.*$/, '')),
  ];
  for (const name of new Set(names)) {
    const held = await tryLock(lockPath(cache, name));
    if (held === undefined) continue;
    try {
      await sweepMaking(cache, name);
    } finally {
      await held.release();
    }
  }
}

async function sweepMaking(cache: Cache, name: string): Promise<void> {
  const dir = join(cache.dir, 'making');
  for (const left of await readdir(dir)) {
    if (left.split('~')[0] === name) await rm(join(dir, left), { recursive: true, force: true });
  }
}

const lockPath = (cache: Cache, name: string) => join(cache.dir, 'locks', `${name}.lock`);

async function chooseDirectory(env: NodeJS.ProcessEnv): Promise<string> {
  const chosen = env.ZK_GAUNTLET_CACHE;
  if (chosen) {
    const dir = resolve(chosen);
    try {
      await makeWritable(dir);
    } catch (error) {
      throw cacheTrouble(dir, error);
    }
    return dir;
  }
  const homes = [env.XDG_CACHE_HOME, join(env.HOME ?? homedir(), '.cache')];
  for (const home of homes) {
    if (!home) continue;
    const dir = resolve(home, 'zk-gauntlet');
    try {
      await makeWritable(dir);
      return dir;
    } catch (error) {
      if (!isRefused(error) && !isNowhere(error)) throw cacheTrouble(dir, error);
    }
  }
  return privateTemporary();
}

async function makeWritable(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await access(dir, constants.W_OK | constants.X_OK);
}

/** Anybody may write into the temporary directory, so what bears our name there must be proven ours. */
async function privateTemporary(): Promise<string> {
  const { uid } = userInfo();
  const dir = join(tmpdir(), `zk-gauntlet-${uid}`);
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cacheTrouble(dir, error);
  }
  const info = await lstat(dir);
  if (!info.isDirectory() || info.uid !== uid || (info.mode & 0o077) !== 0) {
    throw new Trouble(`cache ${dir}`, 'it is not a directory that only you can use', chooseCache);
  }
  return dir;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Turns what the file system refuses into a line the user can act on. */
async function asTrouble<T>(dir: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw isRefused(error) || isFull(error) ? cacheTrouble(dir, error) : error;
  }
}

function cacheTrouble(dir: string, cause: unknown): Trouble {
  const remedy = isFull(cause) ? 'make room there, or set ZK_GAUNTLET_CACHE to another disk' : chooseCache;
  return new Trouble(`cache ${dir}`, messageOf(cause), remedy, { cause });
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code ?? '';
const isFull = (error: unknown) => ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
const isRefused = (error: unknown) => ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error));
/** A home that does not exist, or is no directory. */
const isNowhere = (error: unknown) => ['ENOENT', 'ENOTDIR', 'EEXIST'].includes(codeOf(error));
