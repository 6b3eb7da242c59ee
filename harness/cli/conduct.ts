import type { RunVerdict } from '../rule/verdict.ts';
import { type RunEvent, type RunRequest, run } from '../run/run.ts';
import { openRun } from '../run/run-directory.ts';
import { claimLines, claimsJson, claimTableOf } from './claim-lines.ts';
import { progressOn } from './progress.ts';
import { verdictTable } from './verdict-table.ts';

export type Say = (line: string) => void;

/** Where a command says what it does: nowhere when its output is to be one JSON object. */
export function sayer({ json }: { json?: boolean }): Say {
  return json ? () => undefined : (line) => void process.stdout.write(`${line}\n`);
}

/** What a command has to tell beside the verdict, read from the finished run. */
export interface Addendum {
  lines: string[];
  /** Joins the one JSON object. */
  data: Record<string, unknown>;
}

/** For runs in which scenarios must not change each other's time, and which put no claim to the test. */
export const oneAtATime = { jobs: 1, jvmFlags: { all: [], bySid: new Map() }, claims: [] };

/** Ctrl-C, or the end that a supervisor asks for, as a signal: what runs ends in good order. */
export function interruption(): AbortSignal {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return interrupt.signal;
}

export interface Conducted {
  verdict: RunVerdict;
  /** As the scenarios ended. */
  ends: Extract<RunEvent, { at: 'end' }>[];
  interrupted: boolean;
}

/** Runs what was asked for and shows how it goes. */
export async function runShown(
  request: Omit<RunRequest, 'signal' | 'onEvent'>,
  { json = false }: { json?: boolean },
): Promise<Conducted> {
  const signal = interruption();
  const progress = progressOn(json ? undefined : process.stdout);
  const ends: Conducted['ends'] = [];
  const onEvent = (event: RunEvent) => {
    progress.onEvent(event);
    if (event.at === 'end') ends.push(event);
  };
  const verdict = await run({ ...request, signal, onEvent }).finally(() => progress.close());
  return { verdict, ends, interrupted: signal.aborted };
}

/** Runs what was asked for, shows how it goes, prints the verdict and sets the exit code. */
export async function conduct(
  request: Omit<RunRequest, 'signal' | 'onEvent'>,
  { json = false }: { json?: boolean },
  addendum?: (directory: string) => Promise<Addendum>,
): Promise<void> {
  const say = sayer({ json });
  const { directory, seed } = request;
  const { verdict, interrupted } = await runShown(request, { json });
  const claims = claimTableOf(openRun(directory), verdict);
  const more = await addendum?.(directory);
  if (json) {
    const all = { directory, seed, ...verdict, ...claimsJson(claims), ...more?.data };
    process.stdout.write(`${JSON.stringify(all)}
`);
  } else {
    for (const line of more?.lines ?? []) say(line);
    say(`${claimLines(claims)}${verdictTable(verdict, directory)}`);
    say(directory);
  }
  process.exitCode = interrupted ? 130 : verdict.exitCode;
}
