import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loaderFor, moduleBeside } from '../base/module-beside.ts';
import type { BackendName } from './backend.ts';
import { enterSandbox } from './sandbox/enter.ts';

/**
 * Starts the module `name` beside `from` (an import.meta.url) as the process that owns a site: with the sandbox it is the
 * first process inside. Its stdin and stdout are pipes; stdin stays open as long as the caller lives.
 */
export function startProcess(
  backend: BackendName,
  from: string,
  name: string,
  stderrFd: number,
): ChildProcess {
  const url = moduleBeside(from, name);
  const args = [...loaderFor(url), fileURLToPath(url)];
  if (backend === 'sandbox') return enterSandbox([process.execPath, ...args], stderrFd);
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', stderrFd] });
}
