import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { sandboxed } from '../../harness/backend/sandbox/enter.ts';
import { openCache } from '../../harness/distribution/cache.ts';
import { withCds } from '../../harness/distribution/cds.ts';
import { findJava } from '../../harness/distribution/java.ts';
import { zookeeperFromMaven } from '../../harness/distribution/zookeeper.ts';
import type { Software } from './lab.ts';

const inside = fileURLToPath(new URL('./inside.ts', import.meta.url));

/** Fetches releases once, outside; the sandbox has no network. */
export async function releases(...versions: string[]): Promise<Software> {
  const java = await findJava();
  const cache = await openCache((line) => process.stderr.write(`${line}\n`));
  const software: Software = { java: java.command, releases: {} };
  for (const version of versions)
    software.releases[version] = await withCds(cache, java, await zookeeperFromMaven(cache, version));
  return software;
}

/** Runs inside.ts in a sandbox of its own. The error of a scene that fails has its log. */
export async function seenInside(what: string, software: Software): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-lint-'));
  const file = join(folder, 'software.json');
  writeFileSync(file, JSON.stringify(software));
  try {
    const command = [process.execPath, '--import', import.meta.resolve('tsx'), inside, what, file];
    const [program, ...args] = sandboxed(command);
    const { stdout } = await execa(program!, args, { timeout: 170_000 });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
