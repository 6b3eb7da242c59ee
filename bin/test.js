#!/usr/bin/env node
// `npm test`: installs what is missing, says what this machine cannot do, runs every test, and ends with one count.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

if (!existsSync(join(root, 'node_modules', 'vitest'))) {
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(3);
}

const doctor = spawnSync(process.execPath, ['bin/gauntlet.js', 'doctor', '--json'], { encoding: 'utf8' });
const lacking = JSON.parse(doctor.stdout).checks.filter(({ ok }) => !ok);
for (const { name, says } of lacking) process.stdout.write(`unsupported here: ${name} (${says})\n`);

const results = mkdtempSync(join(tmpdir(), 'gauntlet-results-'));
const json = join(results, 'vitest.json');
const args = [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${json}`,
  ...process.argv.slice(2),
];
const { compiled } = await import('./compile.js');
const folder = await compiled();
if (folder !== undefined) process.env.GAUNTLET_COMPILED = folder;
const { status } = spawnSync(join('node_modules', '.bin', 'vitest'), args, { stdio: 'inherit' });

if (!existsSync(json)) process.exit(status || 3);
const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
  readFileSync(json, 'utf8'),
);
rmSync(results, { recursive: true });
// A file that does not even load has no tests to count, and is a failure all the same.
const failed = numFailedTests || (status === 0 ? 0 : Math.max(1, numFailedTestSuites));
if (numPendingTests > 0) process.stdout.write(`Skipped here: ${numPendingTests}\n`);
process.stdout.write(`Tests: ${numPassedTests} passed, ${failed} failed\n`);
process.exit(failed > 0 || numPassedTests === 0 ? 1 : 0);
