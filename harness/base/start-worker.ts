import { Worker } from 'node:worker_threads';
import { isSource, moduleBeside } from './module-beside.ts';

/**
 * Starts a worker thread on the module `name` beside `from` (an import.meta.url). From sources the TypeScript loader
 * has to be registered in each thread anew.
 */
export function startWorker(from: string, name: string, workerData: unknown): Worker {
  const url = moduleBeside(from, name);
  if (!isSource(url)) return new Worker(url, { workerData });
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const boot = `import(${loader}).then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(boot, { eval: true, workerData, execArgv: [] });
}
