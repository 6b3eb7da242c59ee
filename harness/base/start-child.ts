import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Starts the module `name` beside `from` (an import.meta.url) as a process of its own that talks by messages; only its
 * stderr is a pipe. From sources the TypeScript loader comes along; the published package is plain JavaScript.
 */
export function startChild(from: string, name: string): ChildProcess {
  const extension = extname(from);
  const loader = extension === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];
  return fork(fileURLToPath(new URL(`./${name}${extension}`, from)), [], {
    execArgv: loader,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
