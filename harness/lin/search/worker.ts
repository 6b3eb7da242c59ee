import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { knownModels } from '../catalogue.ts';
import { Rounds, type Task } from './rounds.ts';

export interface WorkerStart {
  model: string;
  tasks: Task[];
  memoryBytes: number;
}

/** A thread that searches some parts; it tells each verdict, and is told the parts that others decided. */
const { model, tasks, memoryBytes } = workerData as WorkerStart;
const port = parentPort!;
const known = knownModels.find(({ name }) => name === model)!;
const rounds = new Rounds(known, tasks, memoryBytes);
port.on('message', (part: number) => rounds.drop(part));
while (!rounds.done) {
  for (const verdict of rounds.round()) {
    if (verdict !== undefined) port.postMessage(verdict);
    await setImmediate();
  }
}
port.close();
