import { type ChildProcess, fork } from 'node:child_process';
import { loaderFor, moduleBeside } from './module-beside.ts';

/**
 * Starts the module `name` beside `from` (an import.meta.url) as a process of its own that talks by messages; only its
 * stderr is a pipe.
 */
export function startChild(from: string, name: string): ChildProcess {
  const url = moduleBeside(from, name);
  return fork(url, [], {
    execArgv: loaderFor(url),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
