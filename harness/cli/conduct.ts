import { type RunRequest, run } from '../run/run.ts';
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

/** Runs what was asked for, shows how it goes, prints the verdict and sets the exit code; Ctrl-C ends it in good order. */
export async function conduct(
  request: Omit<RunRequest, 'signal' | 'onEvent'>,
  { json = false }: { json?: boolean },
  addendum?: (directory: string) => Promise<Addendum>,
): Promise<void> {
  const say = sayer({ json });
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const progress = progressOn(json ? undefined : process.stdout);
  const { directory, seed } = request;
  const verdict = await run({ ...request, signal: interrupt.signal, onEvent: progress.onEvent }).finally(() =>
    progress.close(),
  );
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
  process.exitCode = interrupt.signal.aborted ? 130 : verdict.exitCode;
}
