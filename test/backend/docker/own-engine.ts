import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type Docker from 'dockerode';
import { holderName } from '../../../harness/backend/docker/build-base.ts';
import { openEngine } from '../../../harness/backend/docker/engine.ts';
import { localName } from '../../../harness/backend/docker/present-image.ts';
import { findTool } from '../../../harness/backend/sandbox/enter.ts';
import { waitFor } from '../../../harness/base/wait.ts';
import { engineHere, docker as sharedEngine, version } from './engine-here.ts';

/**
 * The first process in the engine's namespaces. Does what its input says, line by line, and says "done". The end of its
 * input, which comes at the latest with our death, ends it and with it everything inside.
 */
const keeper = `
cd "$1"
ip link set lo up
mount -t tmpfs -o size=1500m tmpfs data
serve() { dockerd --data-root "$PWD/data" --exec-root "$PWD/exec" --pidfile "$PWD/pid" -H "unix://$PWD/sock" >> log 2>&1 & }
while read -r order; do eval "$order"; echo done; done`;

const answerMs = 30_000;

/** An engine with a network, processes and a disk of its own, for tests that stop it or fill its disk. */
export interface OwnEngine extends AsyncDisposable {
  readonly docker: Docker;
  /** What DOCKER_HOST must be to reach it. */
  readonly host: string;
  /** Comes before a command that is to run in its network. */
  readonly enter: readonly string[];
  start(): Promise<void>;
  /** Ends it in order or by force; resolves when its process is gone. */
  stop(signal: 'TERM' | 'KILL'): Promise<void>;
  /** Runs a shell command in its network and beside its disk, the folder "data". */
  beside(command: string): Promise<void>;
}

/** Why there can be none here; undefined when there can. */
export const noOwnEngine: string | undefined = lacking();

function lacking(): string | undefined {
  if (engineHere.missing) return engineHere.missing;
  if (process.getuid?.() !== 0) return 'only root can start an engine';
  const missing = ['dockerd', 'unshare', 'nsenter', 'ip'].filter((tool) => !findTool(tool));
  return missing.length > 0 ? `there is no ${missing.join(', no ')}` : undefined;
}

/** Starts one, which has the images these tests need. */
export async function ownEngine(): Promise<OwnEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
  mkdirSync(join(directory, 'data'));
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('unshare', [...namespaces, 'bash', '-c', keeper, 'keeper', directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const beside = ordersTo(child);
  const socketPath = join(directory, 'sock');
  const docker = openEngine({ socketPath });
  const engine: OwnEngine = {
    docker,
    host: `unix://${socketPath}`,
    enter: ['nsenter', `--net=/proc/${child.pid}/ns/net`],
    beside,
    async start() {
      await beside('serve');
      const what = 'an engine of our own to answer';
      await waitFor({ what, deadlineMs: answerMs, everyMs: 100 }, () => docker.ping());
    },
    stop: (signal) => beside(`{ kill -s ${signal} $!; wait $!; } 2> /dev/null`),
    async [Symbol.asyncDispose]() {
      child.stdin!.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true });
    },
  };
  try {
    await engine.start();
    const image = localName(version);
    const loading = await docker.loadImage(await sharedEngine().getImage(image).get());
    await once(loading.resume(), 'end');
    // It has all that a holder needs.
    const [repo, tag] = holderName.split(':') as [string, string];
    await docker.getImage(image).tag({ repo, tag });
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** One order at a time; resolves when it has been carried out. */
function ordersTo(child: ChildProcess): (command: string) => Promise<void> {
  const lines = createInterface({ input: child.stdout! });
  const gone = once(child, 'exit').then(() => {
    throw new Error('the keeper of an engine ended');
  });
  // Whoever gives an order is told.
  gone.catch(() => undefined);
  return async (command) => {
    child.stdin!.write(`${command}\n`);
    await Promise.race([once(lines, 'line'), gone]);
  };
}
