import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendName } from './backend.ts';
import { enterSandbox } from './sandbox/enter.ts';

/**
 * Starts the module `name` beside `from` (an import.meta.url) as the process that owns a site: with the sandbox it is the
 * first process inside. Its stdin and stdout are pipes; stdin stays open as long as the caller lives. From sources the
 * TypeScript loader must come along; the published package is plain JavaScript.
 */
export function startProcess(
  backend: BackendName,
  from: string,
  name: string,
  stderrFd: number,
): ChildProcess {
  const extension = extname(from);
  const script = fileURLToPath(new URL(`./${name}${extension}`, from));
  const loader = extension === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];
  const args = [...loader, script];
  if (backend === 'sandbox') return enterSandbox([process.execPath, ...args], stderrFd);
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', stderrFd] });
}
