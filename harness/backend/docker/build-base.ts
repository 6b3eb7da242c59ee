import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../base/package-root.ts';
import { messageOf, Trouble } from '../../base/trouble.ts';
import { waitFor } from '../../base/wait.ts';
import { findTool } from '../sandbox/enter.ts';
import { buildImage } from './build-image.ts';
import type { Engine } from './discover.ts';
import { ask } from './engine.ts';
import { lookAtImage, pull, recipeLabel } from './present-image.ts';

/** The base of all local images. It also holds the networks of node pods: that takes nft, bash, timeout and sleep. */
export const holderName = 'zk-gauntlet/holder:1';
const debian = 'bookworm';
const registryBase = `debian:${debian}-slim`;
const packages = ['openjdk-17-jre-headless', 'nftables', 'bash', 'iproute2', 'netcat-openbsd'];
/** Fetching and unpacking some 200 MB of packages on a slow line. */
const makeMs = 20 * 60_000;

/** The folder of image recipes; beside the sources and, in the published package, beside `dist`. */
export const recipes = join(packageRoot, 'compose', 'images');

export interface Building {
  say: (line: string) => void;
  pullMs: number;
  /** Whether mmdebstrap may make the base where no registry has it. */
  bootstrap: boolean;
}

/** The base image's name; made unless it is there with the same recipe. Throws `Trouble` when it cannot be made. */
export async function buildBase(engine: Engine, { say, pullMs, bootstrap }: Building): Promise<string> {
  const recipe = await readFile(join(recipes, 'base.Dockerfile'), 'utf8');
  const hash = createHash('sha256')
    .update(JSON.stringify([recipe, debian, packages]))
    .digest('hex')
    .slice(0, 12);
  if ((await lookAtImage(engine, holderName))?.labels[recipeLabel] === hash) return holderName;

  const failure = (await lookAtImage(engine, registryBase))
    ? undefined
    : await pull(engine, registryBase, pullMs);
  if (failure === undefined) {
    say(`making ${holderName} from ${registryBase}, once`);
    await buildImage(engine, {
      name: holderName,
      context: { directory: recipes, files: ['base.Dockerfile'] },
      dockerfile: 'base.Dockerfile',
      args: { DEBIAN: registryBase, PACKAGES: packages.join(' ') },
      labels: { [recipeLabel]: hash },
      deadlineMs: makeMs,
    });
  } else if (bootstrap) {
    say(`making ${holderName} with mmdebstrap, once (${registryBase}: ${failure})`);
    await importDebian(engine, hash);
  } else {
    throw new Trouble(
      `image ${holderName}`,
      `is not there, and ${registryBase} cannot be pulled to make it (${failure})`,
      'run `gauntlet images build`',
    );
  }
  return holderName;
}

/** A minimal Debian with the packages, straight from its mirrors into the engine. */
async function importDebian(engine: Engine, hash: string): Promise<void> {
  const program = findTool('mmdebstrap');
  if (!program) {
    const reason = `no registry has ${registryBase}, and there is no mmdebstrap to make the same`;
    throw new Trouble(
      'images build',
      reason,
      'install the package mmdebstrap, or give the engine a registry',
    );
  }
  // Manual pages stay: Java's packages link to them (Debian bug 863199).
  const exclude = ['/usr/share/doc/*', '/usr/share/locale/*'];
  const args = [
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    ...exclude.map((path) => `--dpkgopt=path-exclude=${path}`),
    debian,
    '-',
  ];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const [repo, tag] = holderName.split(':') as [string, string];
  const half = `making-${process.pid}`;
  const changes = [`LABEL ${recipeLabel}=${hash}`, 'ENV LANG=C.UTF-8', 'CMD ["sleep", "infinity"]'];
  const docker = engine.client.container.dockerode;
  try {
    const imported = await ask(
      `importing ${holderName}`,
      docker.importImage(child.stdout, { repo, tag: half, changes }),
      makeMs,
    );
    imported.resume();
    // An import ends well with whatever arrived: only a whole Debian gets the name.
    const [code] = child.exitCode === null ? ((await once(child, 'close')) as [number]) : [child.exitCode];
    if (code !== 0) throw new Error(`mmdebstrap ended with ${code}`);
    await waitFor({ what: `${repo}:${half} to be imported`, deadlineMs: makeMs, everyMs: 200 }, async () =>
      (await lookAtImage(engine, `${repo}:${half}`)) ? true : undefined,
    );
    await ask(`naming ${holderName}`, docker.getImage(`${repo}:${half}`).tag({ repo, tag }));
  } catch (cause) {
    const line =
      words
        .trim()
        .split('\n')
        .findLast((each) => /^E:|error/i.test(each)) ?? messageOf(cause);
    const remedy = 'see that its mirrors can be reached (/etc/apt/sources.list) and that there is disk left';
    throw new Trouble('mmdebstrap', line, remedy, { cause });
  } finally {
    child.kill();
    if (await lookAtImage(engine, `${repo}:${half}`))
      await ask(`removing ${repo}:${half}`, docker.getImage(`${repo}:${half}`).remove());
  }
}
