import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { launcher } from '../support/gauntlet.ts';

const dir = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** More than a pipe holds (64 KiB on Linux). */
const scenarios = Array.from({ length: 600 }, (_, i) => ({ name: `${i} ${'x'.repeat(200)}`, slug: `s${i}` }));

test('a reader that is slow gets all of a long output', { timeout: 120_000 }, async () => {
  const run = { suite: 'x', seed: 1, backend: 'sandbox', zookeeper: ['3.9.5'], kafka: null, scenarios };
  writeFileSync(join(dir, 'run.json'), JSON.stringify(run));
  const child = spawn(process.execPath, [launcher, 'check', dir, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'readable');
  // One that does not wait for its reader is gone by then.
  await Promise.race([ended, sleep(3000)]);
  const parts: Buffer[] = [];
  for await (const part of child.stdout) parts.push(part as Buffer);
  expect(JSON.parse(Buffer.concat(parts).toString()).scenarios).toHaveLength(600);
});
