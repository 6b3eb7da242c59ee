import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { enterSandbox } from '../../harness/backend/sandbox/enter.ts';
import type { ServerSource } from '../../harness/backend/server-source.ts';
import { chooseBackend } from '../../harness/cli/choose-backend.ts';
import type { Times } from './once.ts';

/**
 * How long an ensemble of three needs until it serves, and until nothing is left of it, in containers and in the
 * sandbox: interleaved rounds, medians, and the best of each. The last argument is the number of rounds.
 */
const rounds = Number(process.argv.at(-1)) || 5;
const version = '3.9.5';
/** Budgets: containers ready within 1.5 times the sandbox's time, gone within 2 s. */
const budget = { ratio: 1.5, goneMs: 2000 };

const once = fileURLToPath(new URL('./once.ts', import.meta.url));
const command = [process.execPath, '--import', import.meta.resolve('tsx'), once];
const stderr = 2;

async function sourceOf(backend: 'docker' | 'sandbox'): Promise<ServerSource> {
  const say = (line: string) => console.error(line);
  const { servers } = await chooseBackend({ backend, zookeeper: version, versionsFor: (v) => [v], say });
  return servers;
}

const starts: Record<string, { servers: ServerSource; start(): ChildProcess }> = {
  docker: {
    servers: await sourceOf('docker'),
    start: () => spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', stderr] }),
  },
  sandbox: { servers: await sourceOf('sandbox'), start: () => enterSandbox(command, stderr) },
};

const seen: Record<string, Times[]> = { docker: [], sandbox: [] };
for (let round = 0; round < rounds; round++) {
  for (const [name, { servers, start }] of Object.entries(starts)) {
    const child = start();
    child.stdin!.end(JSON.stringify({ servers, version }));
    seen[name]!.push(JSON.parse(await text(child.stdout!)) as Times);
  }
}

function sorted(name: string, key: keyof Times): number[] {
  return seen[name]!.map((times) => times[key]).toSorted((a, b) => a - b);
}

const median = (name: string, key: keyof Times) => sorted(name, key)[Math.floor(rounds / 2)]!;
const least = (name: string, key: keyof Times) => sorted(name, key)[0]!;

const busy = `load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores, our own share included`;
console.log(`ZooKeeper ${version}, three servers, ${rounds} interleaved rounds; ${busy}`);
console.table(
  Object.fromEntries(
    Object.keys(starts).map((name) => [
      name,
      {
        'ready, ms': Math.round(median(name, 'readyMs')),
        'at best': Math.round(least(name, 'readyMs')),
        'gone, ms': Math.round(median(name, 'goneMs')),
      },
    ]),
  ),
);
const ratio = median('docker', 'readyMs') / median('sandbox', 'readyMs');
const goneMs = median('docker', 'goneMs');
const best = least('docker', 'readyMs') / least('sandbox', 'readyMs');
console.log(
  `ready: docker / sandbox = ${ratio.toFixed(2)}, at best ${best.toFixed(2)} (budget ${budget.ratio})`,
);
console.log(`gone: ${Math.round(goneMs)} ms (budget ${budget.goneMs} ms)`);
if (ratio > budget.ratio || goneMs > budget.goneMs) process.exitCode = 4;
process.exit();
