import { resolve } from 'node:path';
import { judgeOrInvalid } from '../run/judge.ts';
import { verdictOf } from '../run/run.ts';
import { openRun } from '../run/run-directory.ts';
import { verdictTable } from './verdict-table.ts';

export async function checkCommand(directory: string, options: { json?: boolean }): Promise<void> {
  const record = openRun(resolve(directory));
  const verdict = verdictOf(record.scenarios.map(({ dir, name }) => judgeOrInvalid(dir, name).verdict));
  process.stdout.write(
    options.json ? `${JSON.stringify(verdict)}\n` : `${verdictTable(verdict, record.dir)}\n`,
  );
  process.exitCode = verdict.exitCode;
}
