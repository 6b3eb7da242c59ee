import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cache, openCache } from '../../harness/distribution/cache.ts';
import { withCds } from '../../harness/distribution/cds.ts';
import type { ServerSoftware } from '../../harness/distribution/zookeeper.ts';

describe('a class data archive that cannot be made', () => {
  let root: string;
  let cache: Cache;
  let lines: string[];
  let software: ServerSoftware;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gauntlet-cds-'));
    lines = [];
    cache = await openCache((line) => void lines.push(line), { ZK_GAUNTLET_CACHE: join(root, 'cache') });
    const jar = join(root, 'zookeeper-3.9.5.jar');
    await writeFile(jar, '');
    software = {
      version: '3.9.5',
      origin: 'maven',
      classpath: [jar],
      mainClass: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      flags: [],
      logBackend: 'log4j',
    };
  });
  afterEach(() => rm(root, { recursive: true }));

  test.each([
    ['the server ends at once', 'echo Error: no such class; exit 1', /server \d ended: Error: no such class/],
    ['there is no such program', undefined, /ENOENT/],
  ])(
    'costs no run when %s: servers start without one, and the reason is said',
    async (_what, script, reason) => {
      const command = join(root, 'java');
      if (script !== undefined) await writeFile(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      expect(await withCds(cache, { command, version: 17, full: '17' }, software)).toEqual(software);
      expect(lines.at(-1)).toMatch(reason);
      expect(lines.at(-1)).toMatch(/^no class data of ZooKeeper 3\.9\.5: .*; servers start more slowly$/);
      const parts = ['entries', 'locks', 'making'].map((part) => readdir(join(cache.dir, part)));
      expect((await Promise.all(parts)).flat()).toEqual([]);
    },
  );
});
