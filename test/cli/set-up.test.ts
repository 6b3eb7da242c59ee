import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gauntlet } from '../support/gauntlet.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH with everything this machine has but these programs. */
function pathWithout(name: string, missing: readonly string[]): string {
  const bin = mkdtempSync(join(folder, `${name}-`));
  const places = [...process.env.PATH!.split(delimiter), '/usr/sbin', '/sbin'].filter((place) =>
    existsSync(place),
  );
  for (const place of places) {
    for (const program of readdirSync(place)) {
      if (missing.includes(program) || existsSync(join(bin, program))) continue;
      try {
        symlinkSync(join(place, program), join(bin, program));
      } catch (error) {
        // A dangling link of the same name stands there already; the first in PATH wins, as in a shell.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
  return bin;
}

function fake(name: string, script: string): string {
  const bin = mkdtempSync(join(folder, 'fake-'));
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return `${bin}${delimiter}${process.env.PATH}`;
}

const poorMachines: { lacks: string; env: () => NodeJS.ProcessEnv; says: RegExp[] }[] = [
  {
    lacks: 'Java',
    env: () => ({ PATH: pathWithout('java', ['java']), JAVA_HOME: undefined }),
    says: [/^gauntlet: java: there is none in PATH/, /install a JDK/],
  },
  {
    lacks: 'Maven, with nothing fetched yet',
    env: () => ({ PATH: pathWithout('mvn', ['mvn']), ZK_GAUNTLET_CACHE: join(folder, 'empty-cache') }),
    says: [/mvn/, /install|--zookeeper-home/],
  },
  {
    lacks: 'namespaces',
    env: () => ({
      PATH: fake('unshare', 'echo "unshare: unshare failed: Operation not permitted" >&2; exit 1'),
    }),
    says: [/backend sandbox: .*Operation not permitted/, /user namespaces/, /run as root/],
  },
];

describe.skipIf(process.platform !== 'linux')('a machine that lacks something', () => {
  test.each(poorMachines)(
    'is told what it lacks ($lacks) and how to get it, in one line, with nothing half-written',
    async ({ env, says }) => {
      const out = join(folder, 'run');
      const args = ['run', 'quick', '--backend', 'sandbox', '--out', out];
      const { code, stderr } = await gauntlet(args, { env: env() });
      expect(code, stderr).toBe(3);
      for (const pattern of says) expect(stderr).toMatch(pattern);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(existsSync(out)).toBe(false);
    },
  );
});
