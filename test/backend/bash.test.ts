import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { bash } from '../../harness/backend/bash.ts';

const home = mkdtempSync(join(tmpdir(), 'gauntlet-bash-'));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** As a first shell whose standard input is one of Node's pipes. */
const run = async ([file, ...args]: string[]) =>
  (await execa(file!, args, { env: { HOME: home, SHLVL: '0' }, reject: false })).stdout;

test("a script of ours is not preceded by the user's own .bashrc", async () => {
  writeFileSync(join(home, '.bashrc'), 'echo first\n');
  expect(await run(['bash', '-c', 'echo ours'])).toBe('first\nours');
  expect(await run(bash('echo ours'))).toBe('ours');
});
