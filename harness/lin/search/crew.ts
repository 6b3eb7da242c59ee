import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../base/start-worker.ts';
import type { Calls } from './calls.ts';
import { engines } from './contest.ts';
import type { Task, TaskVerdict } from './rounds.ts';
import type { WorkerStart } from './worker.ts';

export interface Orders {
  /** Name of one of our models: functions cannot be sent to a thread. */
  readonly model: string;
  readonly parts: ReadonlyMap<number, Calls>;
  readonly threads: number;
  readonly memoryBytes: number;
  /** ms on `performance.now()`. */
  readonly deadline: number;
}

/** What became of the parts: the first violation, or the parts without a verdict and why. */
export type Outcome = { violation: number } | { undecided: number[]; reason: 'time' | 'memory' };

/** Searches parts on several threads; ends them all with the first violation, or at the deadline. */
export async function searchOnThreads(orders: Orders): Promise<Outcome> {
  const deals = dealt(orders);
  const memoryBytes = orders.memoryBytes / deals.length;
  const workers = deals.map((tasks) => {
    const start: WorkerStart = { model: orders.model, tasks, memoryBytes };
    return startWorker(import.meta.url, 'worker', start);
  });
  const late = AbortSignal.timeout(Math.max(1, Math.ceil(orders.deadline - performance.now())));
  try {
    return await gather(workers, deals.flat(), late);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** With fewer parts than threads each engine gets a thread of its own. */
function dealt({ parts, threads }: Orders): Task[][] {
  const apart = parts.size < threads ? engines.map((engine) => [engine]) : [engines];
  const tasks = [...parts].flatMap(([part, calls]) =>
    apart.map((chosen): Task => ({ part, calls, engines: chosen })),
  );
  const hands: Task[][] = Array.from({ length: Math.min(threads, tasks.length) }, () => []);
  for (const [index, task] of tasks.entries()) hands[index % hands.length]!.push(task);
  return hands;
}

/** Resolves with the first violation, when all parts are decided or given up, or when it is late. */
function gather(workers: readonly Worker[], tasks: readonly Task[], late: AbortSignal): Promise<Outcome> {
  /** By part, how many tasks may still decide it. */
  const open = new Map<number, number>();
  for (const { part } of tasks) open.set(part, (open.get(part) ?? 0) + 1);
  const outOfMemory: number[] = [];
  return new Promise((resolve, reject) => {
    const take = ({ part, verdict }: TaskVerdict) => {
      const left = open.get(part);
      if (left === undefined) return;
      if (verdict === 'violation') return resolve({ violation: part });
      if (verdict === 'memory' && left > 1) return void open.set(part, left - 1);
      if (verdict === 'memory') outOfMemory.push(part);
      open.delete(part);
      for (const worker of workers) worker.postMessage(part);
      if (open.size === 0) resolve({ undecided: outOfMemory, reason: 'memory' });
    };
    late.addEventListener('abort', () =>
      resolve({ undecided: [...outOfMemory, ...open.keys()], reason: 'time' }),
    );
    for (const worker of workers) worker.on('message', take).on('error', reject);
  });
}
