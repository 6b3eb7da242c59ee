import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { localName } from '../../harness/backend/docker/present-image.ts';
import { waitFor } from '../../harness/base/wait.ts';
import { docker, engineHere, skipWithout, version } from '../backend/docker/engine-here.ts';
import { childrenOf } from '../support/ensemble.ts';
import { gauntlet } from '../support/gauntlet.ts';

const run = promisify(execFile);
const compose = [['docker-compose'], ['docker', 'compose']].find(
  ([program, ...args]) => spawnSync(program!, [...args, 'version']).status === 0,
);
const lacks =
  engineHere.missing ?? (compose ? undefined : 'neither docker-compose nor docker compose is here');
const timeout = 300_000;

/** So many free ports in a row; somebody may still take one before they are published, and then the test says so. */
async function firstOfFree(count: number): Promise<number> {
  for (;;) {
    const listeners = [createServer().listen(0, '127.0.0.1')];
    try {
      await once(listeners[0]!, 'listening');
      const first = (listeners[0]!.address() as { port: number }).port;
      for (let port = first + 1; port < first + count; port++) {
        const next = createServer();
        listeners.push(next);
        next.listen(port, '127.0.0.1');
        await once(next, 'listening');
      }
      return first;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    } finally {
      for (const listener of listeners) listener.close();
    }
  }
}

test.skipIf(lacks)(
  `a generated file comes up healthy, and attach kills and judges what it started${skipWithout(lacks)}`,
  { timeout },
  async () => {
    const out = mkdtempSync(join(tmpdir(), 'gauntlet-compose-'));
    const first = await firstOfFree(4);
    const printed = await gauntlet([
      'compose',
      '3+1',
      '--image',
      localName(version),
      '--port',
      String(first),
    ]);
    expect(printed.code, printed.stderr).toBe(0);
    const file = join(out, 'compose.yml');
    writeFileSync(file, printed.stdout);
    const project = `gauntlet-test-${process.pid}`;
    const [program, ...words] = [...compose!, '-p', project, '-f', file];
    try {
      await run(program!, [...words, 'up', '-d']);
      await waitFor({ what: 'four healthy servers', deadlineMs: 120_000, everyMs: 500 }, async () => {
        const filters = { label: [`com.docker.compose.project=${project}`], health: ['healthy'] };
        return (await docker().listContainers({ filters })).length === 4 || undefined;
      });
      const endpoints = [0, 1, 2, 3].map((i) => ({ sid: i + 1, host: '127.0.0.1', port: first + i }));
      const line = [program, ...words].join(' ');
      const { code, output } = await gauntlet([
        'attach',
        '--servers',
        endpoints.map(({ host, port }) => `${host}:${port}`).join(','),
        ...['--out', join(out, 'run'), '--for', '6s', '--workload', 'mixed:clients=4,turnsPerSecond=40'],
        ...['--fault', `kill: ${line} kill {name}`, '--heal', `kill: ${line} start {name}`],
      ]);
      expect(code, output).toBe(0);
      expect(output).toMatch(/attached to zk1 .*, zk2 .*, zk3 .*, zk4 /);
      expect(output).toMatch(/command hit zk[123]/);
      expect(await childrenOf(endpoints[0]!, '/')).toEqual(['zookeeper']);
    } finally {
      await run(program!, [...words, 'down', '-v']);
      rmSync(out, { recursive: true });
    }
    const left = await docker().listVolumes({
      filters: { label: [`com.docker.compose.project=${project}`] },
    });
    expect(left.Volumes ?? []).toEqual([]);
  },
);
