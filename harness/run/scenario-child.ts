import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '../backend/backend.ts';
import { enterSandbox } from '../backend/sandbox/enter.ts';
import type { ScenarioEvent, ScenarioOrder } from './events.ts';

/** The scenario process tells its tally ten times a second; one silent for this long hangs. */
const silentMs = 90_000;

/** From sources the TypeScript loader must come along; the published package is plain JavaScript. */
const loader = extname(import.meta.url) === '.ts' ? ['--import', import.meta.resolve('tsx')] : [];

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
  const script = fileURLToPath(new URL(`./scenario-process${extname(import.meta.url)}`, import.meta.url));
  const command = [process.execPath, ...loader, script];
  const errorsPath = join(order.directory, 'harness.log');
  const errors = openSync(errorsPath, 'a');
  const child = backend === 'sandbox' ? enterSandbox(command, errors) : plain(command, errors);
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
      const abort = () => end('the run was interrupted');
      signal.addEventListener('abort', abort, { once: true });

      createInterface({ input: child.stdout! }).on('line', (line) => {
        alarm.refresh();
        onEvent(JSON.parse(line) as ScenarioEvent);
      });
      child.once('error', (error) => end(error.message));
      child.once('close', (code, killedBy) => {
        clearTimeout(alarm);
        signal.removeEventListener('abort', abort);
        if (code !== 0)
          failure ??= `the scenario process ended by ${killedBy ?? `exit code ${code}`}${lastWords(errorsPath)}`;
        resolve(failure === undefined ? {} : { failure });
      });
      child.stdin!.on('error', (error) => end(error.message));
      child.stdin!.write(`${JSON.stringify(order)}\n`);
    });
  }
}

function plain(command: readonly string[], stderr: number): ChildProcess {
  const [file, ...args] = command;
  return spawn(file!, args, { stdio: ['pipe', 'pipe', stderr] });
}

function lastWords(path: string): string {
  const line = readFileSync(path, 'utf8').trim().split('\n').at(-1);
  return line ? `: ${line}` : '';
}
