import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { type Cache, entry, openCache } from '../../harness/distribution/cache.ts';

let root: string;
let lines: string[];
const progress = (line: string) => void lines.push(line);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gauntlet-cache-'));
  lines = [];
});
afterEach(() => rm(root, { recursive: true }));

describe('the cache directory', () => {
  test('is ZK_GAUNTLET_CACHE, else in XDG_CACHE_HOME, else in the home', async () => {
    const env = {
      ZK_GAUNTLET_CACHE: join(root, 'own'),
      XDG_CACHE_HOME: join(root, 'xdg'),
      HOME: join(root, 'home'),
    };
    expect((await openCache(progress, env)).dir).toBe(join(root, 'own'));
    expect((await openCache(progress, { ...env, ZK_GAUNTLET_CACHE: '' })).dir).toBe(
      join(root, 'xdg', 'zk-gauntlet'),
    );
    expect((await openCache(progress, { HOME: env.HOME })).dir).toBe(
      join(root, 'home', '.cache', 'zk-gauntlet'),
    );
  });

  test('is a private one under the temporary directory when the home is no directory', async () => {
    await writeFile(join(root, 'home'), '');
    const { dir } = await inTemporary(() => openCache(progress, { HOME: join(root, 'home') }));
    expect(dir).toBe(join(root, `zk-gauntlet-${userInfo().uid}`));
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['others can use', async (path: string) => mkdir(path).then(() => chmod(path, 0o755))],
    ['is a link', async (path: string) => symlink(tmpdir(), path)],
    ['is a file', async (path: string) => writeFile(path, '')],
  ])('is refused under the temporary directory when it %s', async (_what, plant) => {
    await writeFile(join(root, 'home'), '');
    await plant(join(root, `zk-gauntlet-${userInfo().uid}`));
    const opening = inTemporary(() => openCache(progress, { HOME: join(root, 'home') }));
    await expect(opening).rejects.toThrow('not a directory that only you can use; set ZK_GAUNTLET_CACHE');
  });

  test('is trouble when ZK_GAUNTLET_CACHE cannot be one', async () => {
    await writeFile(join(root, 'file'), '');
    const opening = openCache(progress, { ZK_GAUNTLET_CACHE: join(root, 'file', 'in') });
    await expect(opening).rejects.toThrow(Trouble);
    await expect(opening).rejects.toThrow('set ZK_GAUNTLET_CACHE to a directory of yours');
  });

  async function inTemporary<T>(act: () => Promise<T>): Promise<T> {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = root;
    try {
      return await act();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  }
});

describe('an entry', () => {
  let cache: Cache;
  beforeEach(async () => {
    cache = await openCache(progress, { ZK_GAUNTLET_CACHE: root });
  });

  test('is made once', async () => {
    let made = 0;
    const recipe = { what: 'a', usable: async () => true, make: async () => void made++ };
    const first = await entry(cache, 'a', recipe);
    expect(await entry(cache, 'a', recipe)).toBe(first);
    expect(made).toBe(1);
  });

  test('is made once by many who want it at the same time', async () => {
    let made = 0;
    const recipe = {
      what: 'a',
      usable: async () => true,
      make: async (dir: string) => writeFile(join(dir, 'made'), String(++made)),
    };
    const dirs = await Promise.all(Array.from({ length: 5 }, () => entry(cache, 'a', recipe)));
    expect(new Set(dirs).size).toBe(1);
    expect(await readFile(join(dirs[0]!, 'made'), 'utf8')).toBe('1');
  });

  test('that is not usable is made again', async () => {
    let made = 0;
    const recipe = {
      what: 'a',
      usable: async (dir: string) => (await readFile(join(dir, 'made'), 'utf8')) === '2',
      make: async (dir: string) => writeFile(join(dir, 'made'), String(++made)),
    };
    await entry(cache, 'a', recipe);
    const dir = await entry(cache, 'a', recipe);
    expect(await readFile(join(dir, 'made'), 'utf8')).toBe('2');
  });

  test('of which the making failed leaves nothing', async () => {
    const make = async (dir: string) => {
      await writeFile(join(dir, 'half'), '');
      throw new Trouble('mvn', 'is missing', 'install it');
    };
    await expect(entry(cache, 'a', { what: 'a', usable: async () => true, make })).rejects.toThrow(
      'is missing',
    );
    expect(await everything()).toEqual([]);
  });

  test('that a full disk stops is trouble with a remedy', async () => {
    const make = async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    const making = entry(cache, 'a', { what: 'a', usable: async () => true, make });
    await expect(making).rejects.toThrow(Trouble);
    await expect(making).rejects.toThrow('no space left on device, write; make room there');
  });

  test('that a crashed run left half-made is removed by the next run', async () => {
    await mkdir(join(root, 'making', 'a~abc'));
    await writeFile(join(root, 'making', 'a~abc', 'half.jar'), '');
    await writeFile(
      join(root, 'locks', 'a.lock'),
      JSON.stringify({ pid: 1, started: 'never', place: await place() }),
    );
    await openCache(progress, { ZK_GAUNTLET_CACHE: root });
    expect(await everything()).toEqual([]);
  });

  test('that another run is making now is left alone', async () => {
    let opened: string[] = [];
    const make = async () => {
      await openCache(progress, { ZK_GAUNTLET_CACHE: root });
      opened = await readdir(join(root, 'making'));
    };
    await entry(cache, 'a', { what: 'a', usable: async () => true, make });
    expect(opened).toHaveLength(1);
  });

  async function everything(): Promise<string[]> {
    const parts = ['entries', 'locks', 'making'];
    return (await Promise.all(parts.map((part) => readdir(join(root, part))))).flat();
  }

  async function place(): Promise<string> {
    const { ownIdentity } = await import('../../harness/distribution/process-identity.ts');
    return (await ownIdentity()).place;
  }
});
