import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BackendName } from '../backend/backend.ts';
import { startProcess } from '../backend/start-process.ts';
import type { ScenarioEvent, ScenarioOrder } from './events.ts';

/** The scenario process tells its tally ten times a second; one silent for this long hangs. */
const silentMs = 90_000;

/** What a process that is cut short may take to undo what it did to servers of somebody else. */
const undoMs = 60_000;

export const interrupted = 'the run was interrupted';

export interface ScenarioEnd {
  /** Undefined when it ended as it should; else why there may be no outcome. */
  failure?: string;
}

/**
 * Starts the process of one scenario and follows it to its end. Killing it, or the death of this process, ends
 * everything it started.
 */
export function runScenario(
  backend: BackendName,
  order: ScenarioOrder,
  onEvent: (event: ScenarioEvent) => void,
  signal: AbortSignal,
): Promise<ScenarioEnd> {
  const errorsPath = join(order.directory, 'harness.log');
  const errors = openSync(errorsPath, 'a');
  const child = startProcess(backend, import.meta.url, 'scenario-process', errors);
  closeSync(errors);
  return follow(child);

  function follow(child: ChildProcess): Promise<ScenarioEnd> {
    return new Promise((resolve) => {
      let failure: string | undefined;
      const end = (why: string) => {
        failure ??= why;
        child.kill('SIGKILL');
      };
      const alarm = setTimeout(
        () => end(`the scenario process said nothing for ${silentMs / 1000} s`),
        silentMs,
      );
      let grace: NodeJS.Timeout | undefined;
      const abort = () => {
        failure ??= interrupted;
        // Its permission to live; what it has to put right it does first.
        child.stdin!.end();
        grace = setTimeout(() => child.kill('SIGKILL'), undoMs);
      };
      signal.addEventListener('abort', abort, { once: true });

      createInterface({ input: child.stdout! }).on('line', (line) => {
        alarm.refresh();
        onEvent(JSON.parse(line) as ScenarioEvent);
      });
      child.once('error', (error) => end(error.message));
      child.once('close', (code, killedBy) => {
        clearTimeout(alarm);
        clearTimeout(grace);
        signal.removeEventListener('abort', abort);
        if (failure === interrupted) failure += lastWords(errorsPath);
        if (code !== 0)
          failure ??= `the scenario process ended by ${killedBy ?? `exit code ${code}`}${lastWords(errorsPath)}`;
        resolve(failure === undefined ? {} : { failure });
      });
      child.stdin!.on('error', (error) => end(error.message));
      child.stdin!.write(`${JSON.stringify(order)}\n`);
    });
  }
}

function lastWords(path: string): string {
  const line = readFileSync(path, 'utf8').trim().split('\n').at(-1);
  return line ? `: ${line}` : '';
}
