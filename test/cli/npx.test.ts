import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../harness/base/package-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-npx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// npm's command cache lives in the home directory, and accounts like `nobody` have none.
test('npx gauntlet works in a checkout for a user without a home directory', async () => {
  const { stdout } = await execa('npx', ['gauntlet', 'list', 'suites'], {
    cwd: packageRoot,
    env: { HOME: join(devNull, 'home'), npm_config_cache: undefined },
  });
  expect(stdout).toContain('resilience');
});

test('the packed tarball, installed in an empty folder, brings the command and the suites', async () => {
  const copy = join(folder, 'checkout');
  const { stdout } = await execa('git', ['ls-files', '-co', '--exclude-standard'], { cwd: packageRoot });
  for (const file of stdout.split('\n')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(packageRoot, file), join(copy, file));
  }
  symlinkSync(join(packageRoot, 'node_modules'), join(copy, 'node_modules'));
  await execa('npm', ['pack'], { cwd: copy });
  const tarball = readdirSync(copy).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');

  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'package.json'), '{ "private": true }');
  // Scripts would compile the native parts of optional clients, which is minutes of processor that this test says nothing about.
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await execa('npm', ['install', ...flags, join(copy, tarball)], { cwd: empty });
  const listed = await execa('npx', ['gauntlet', 'list', 'suites'], { cwd: empty });
  expect(listed.stdout).toContain('resilience');
  const doctor = await execa('npx', ['gauntlet', 'doctor'], { cwd: empty, reject: false });
  expect(doctor.stdout).toContain('ok  node');
}, 300_000);
