import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { type Cache, openCache } from '../../harness/distribution/cache.ts';
import { checkCache } from '../../harness/distribution/check-cache.ts';
import type { FetchJars } from '../../harness/distribution/maven.ts';
import { nearestVersions } from '../../harness/distribution/product.ts';
import { zookeeperFromMaven } from '../../harness/distribution/zookeeper.ts';
import { knownVersions } from '../../harness/distribution/zookeeper-artifacts.ts';
import { zookeeperFromHome } from '../../harness/distribution/zookeeper-home.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gauntlet-zookeeper-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('ZooKeeper from Maven', () => {
  let cache: Cache;
  let fetched: string[];
  let lines: string[];
  const fetch: FetchJars = async (_cache, { what, into }) => {
    fetched.push(what);
    await mkdir(join(into, 'lib'));
    for (const name of ['a.jar', 'zookeeper-jute-3.9.5.jar', 'zookeeper-3.9.5.jar']) {
      await writeFile(join(into, 'lib', name), name);
    }
  };

  beforeEach(async () => {
    fetched = [];
    lines = [];
    cache = await openCache((line) => void lines.push(line), { ZK_GAUNTLET_CACHE: root });
  });

  test('is fetched once, its own jars first in the classpath', async () => {
    const software = await zookeeperFromMaven(cache, '3.9.5', { fetch });
    expect(await zookeeperFromMaven(cache, '3.9.5', { fetch })).toEqual(software);
    expect(fetched).toEqual(['ZooKeeper 3.9.5']);
    expect(software.classpath.map((jar) => jar.split('/').at(-1))).toEqual([
      'zookeeper-3.9.5.jar',
      'zookeeper-jute-3.9.5.jar',
      'a.jar',
    ]);
  });

  test.each<[string, (jar: string) => Promise<void>, RegExp]>([
    ['changed', (jar) => writeFile(jar, 'A.JAR'), /lib\/a\.jar is not what was fetched; fetching it again/],
    ['cut short', (jar) => writeFile(jar, ''), /lib\/a\.jar is not what was fetched; fetching it again/],
    ['missing', (jar) => rm(jar), /lib\/a\.jar is missing; fetching it again/],
  ])('is fetched again, and that is said, when a jar is %s', async (_what, damage, words) => {
    await damage(await aJar());
    const { classpath } = await zookeeperFromMaven(cache, '3.9.5', { fetch });
    expect(fetched).toHaveLength(2);
    expect(lines.join('\n')).toMatch(words);
    expect(await readFile(classpath.at(-1)!, 'utf8')).toBe('a.jar');
  });

  test('is fetched again when its manifest is damaged', async () => {
    await writeFile(join(await aJar(), '..', '..', 'manifest.json'), '{"files":');
    await zookeeperFromMaven(cache, '3.9.5', { fetch });
    expect(fetched).toHaveLength(2);
  });

  test('is not fetched again when a jar was only touched', async () => {
    await utimes(await aJar(), new Date(0), new Date(0));
    await zookeeperFromMaven(cache, '3.9.5', { fetch });
    expect(fetched).toHaveLength(1);
  });

  test('a change that left size and time alone is found by the full check', async () => {
    const jar = await aJar();
    const { atime, mtime } = await stat(jar);
    await writeFile(jar, 'A.JAR');
    await utimes(jar, atime, mtime);
    expect((await checkCache(cache)).map(({ damage }) => damage)).toEqual([
      'lib/a.jar is not what was fetched',
    ]);
    await zookeeperFromMaven(cache, '3.9.5', { fetch, depth: 'full' });
    expect(fetched).toHaveLength(2);
    expect((await checkCache(cache)).map(({ damage }) => damage)).toEqual([undefined]);
  });

  test('of a release that Maven does not know names the nearest ones, exit 2', async () => {
    const cause = 'Could not find artifact org.apache.zookeeper:zookeeper:jar:3.9.99 in central';
    const trouble = await fetching('3.9.99', new Trouble('ZooKeeper 3.9.99', 'gone', 'look', { cause }));
    expect(trouble.message).toBe(
      'ZooKeeper 3.9.99: Maven knows no such release; nearest: 3.9.5, 3.9.4, 3.9.3',
    );
    expect(trouble.exit).toBe(2);
  });

  test('of a known release that the mirror lacks stays what Maven said, exit 3', async () => {
    const cause = 'Could not find artifact org.apache.zookeeper:zookeeper:jar:3.9.5 in mirror';
    const trouble = await fetching(
      '3.9.5',
      new Trouble('ZooKeeper 3.9.5', 'Maven does not find it', 'look', { cause }),
    );
    expect(trouble.message).toBe('ZooKeeper 3.9.5: Maven does not find it; look');
    expect(trouble.exit).toBe(3);
  });

  async function fetching(version: string, error: Trouble): Promise<Trouble> {
    const failing: FetchJars = async () => {
      throw error;
    };
    return zookeeperFromMaven(cache, version, { fetch: failing }).then(
      () => expect.unreachable(),
      (caught) => caught as Trouble,
    );
  }

  async function aJar(): Promise<string> {
    return (await zookeeperFromMaven(cache, '3.9.5', { fetch })).classpath.at(-1)!;
  }
});

test.each([
  ['3.4.99', ['3.4.14', '3.4.13', '3.4.12']],
  ['4.0.0', ['3.9.5', '3.8.6', '3.7.2', '3.6.4', '3.5.10', '3.4.14']],
])('nearest to %s', (version, nearest) => {
  expect(nearestVersions(version, knownVersions)).toEqual(nearest);
});

describe('ZooKeeper from an unpacked release', () => {
  test('with its jar in lib, as from 3.5 on', async () => {
    await unpack('lib/zookeeper-3.8.6.jar', 'lib/zookeeper-jute-3.8.6.jar', 'lib/logback-classic-1.3.15.jar');
    expect(await zookeeperFromHome(root)).toEqual({
      version: '3.8.6',
      origin: 'home',
      classpath: ['zookeeper-3.8.6', 'logback-classic-1.3.15', 'zookeeper-jute-3.8.6'].map((jar) =>
        join(root, 'lib', `${jar}.jar`),
      ),
      mainClass: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      flags: [],
      logBackend: 'logback',
    });
  });

  test('with its jar beside lib, as in 3.4', async () => {
    await unpack('zookeeper-3.4.14.jar', 'lib/log4j-1.2.17.jar', 'lib/slf4j-api-1.7.25.jar');
    const { version, classpath, logBackend } = await zookeeperFromHome(root);
    expect({ version, logBackend }).toEqual({ version: '3.4.14', logBackend: 'log4j' });
    expect(classpath).toHaveLength(3);
  });

  test('says what a folder lacks that is none', async () => {
    await expect(zookeeperFromHome(root)).rejects.toThrow('no zookeeper-<version>.jar in it or in its lib');
    await expect(zookeeperFromHome(join(root, 'nowhere'))).rejects.toThrow('--zookeeper-home');
  });

  async function unpack(...files: string[]): Promise<void> {
    await mkdir(join(root, 'lib'));
    for (const file of files) await writeFile(join(root, file), '');
  }
});
