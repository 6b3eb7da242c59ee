import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Trouble } from '../../base/trouble.ts';

/** Programs the sandbox is built with, and the package that has each. */
const tools: Record<string, string> = {
  unshare: 'util-linux',
  setpriv: 'util-linux',
  nsenter: 'util-linux',
  ip: 'iproute2',
  bash: 'bash',
  timeout: 'coreutils',
};

export function findTool(name: string): string | undefined {
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  for (const place of places) {
    const path = join(place, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return undefined;
}

/**
 * The command that runs `command` as the first process of private mount, process, network (and, without root, user)
 * namespaces. When the caller dies, even by SIGKILL, the kernel ends the wrapper (pdeathsig), the wrapper's death ends
 * the first process (kill-child), and its death ends everything inside; the namespaces go with them.
 * Spawn it from a main thread: pdeathsig follows the thread, not the process (prctl(2)).
 */
export function sandboxed(command: readonly string[], asRoot = process.getuid?.() === 0): string[] {
  if (process.platform !== 'linux') {
    throw new Trouble(
      'backend sandbox',
      `needs Linux namespaces, and this is ${process.platform}`,
      'start a Docker engine and use --backend docker',
    );
  }
  const path: Record<string, string> = {};
  for (const [tool, owner] of Object.entries(tools)) {
    const found = findTool(tool);
    if (!found)
      throw new Trouble('backend sandbox', `${tool} is not installed`, `install the package ${owner}`);
    path[tool] = found;
  }
  const user = asRoot ? [] : ['--user', '--map-root-user'];
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
  return [path.setpriv!, '--pdeathsig', 'KILL', path.unshare!, ...user, ...namespaces, '--', ...command];
}

/** Starts a command in a sandbox; stdin stays open as long as the caller lives. */
export function enterSandbox(command: readonly string[], stderrFd: number): ChildProcess {
  const [file, ...args] = sandboxed(command);
  return spawn(file!, args, { stdio: ['pipe', 'pipe', stderrFd], env: withAdminPaths(process.env) });
}

/** Administration programs (ip, nft) are often outside an ordinary user's PATH. */
function withAdminPaths(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, PATH: [env.PATH, '/usr/sbin', '/sbin'].filter(Boolean).join(delimiter) };
}
