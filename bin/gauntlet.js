#!/usr/bin/env node
// Plain JavaScript on purpose: it must run before anything is installed. Installs what is missing, then hands over.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = [20, 19];
const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Exit code 1 means that ZooKeeper broke a promise; a mistake of ours must not look like that.
process.on('uncaughtException', (error) => fail(`a mistake of ours: ${error?.stack ?? error}`));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  fail(`Node ${process.versions.node}: too old; install Node ${oldestNode.join('.')} or newer`);
}

const sources = join(root, 'harness', 'cli', 'main.ts');
if (existsSync(sources)) {
  const needed = ['tsx', 'esbuild'].map((name) => join(root, 'node_modules', name));
  if (!needed.every((folder) => existsSync(folder))) install();
  const { compiled } = await import('./compile.js');
  const folder = await compiled();
  if (folder === undefined) (await import('tsx/esm/api')).register();
  await run(folder === undefined ? sources : join(folder, 'harness', 'cli', 'main.js'));
} else {
  await run(join(root, 'dist', 'harness', 'cli', 'main.js'));
}

async function run(file) {
  const { main } = await import(file);
  const code = await main(process.argv.slice(2));
  // A slow reader at the other end of a pipe has not had all of it yet.
  for (const out of [process.stdout, process.stderr]) await new Promise((done) => out.write('', done));
  process.exit(code);
}

function install() {
  process.stderr.write('first use: installing dependencies (npm ci)\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, error } = spawnSync(npm, ['ci', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (error) fail(`npm: ${error.message}; install npm 10 or newer`);
  if (status !== 0) fail(`npm ci: ended with ${status}; see its output above`);
}

function fail(line) {
  process.stderr.write(`gauntlet: ${line}\n`);
  process.exit(3);
}
