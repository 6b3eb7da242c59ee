import { resolve } from 'node:path';
import { usage } from '../base/trouble.ts';
import { judgeOrInvalid } from '../run/judge.ts';
import { verdictOf } from '../run/run.ts';
import { openRun } from '../run/run-directory.ts';
import { claimLines, claimsJson, claimTableOf } from './claim-lines.ts';
import { explained } from './explain.ts';
import { verdictTable } from './verdict-table.ts';

export async function checkCommand(
  directory: string,
  options: { json?: boolean; explain?: boolean },
): Promise<void> {
  const record = openRun(resolve(directory));
  const verdict = verdictOf(record.scenarios.map(({ dir, name }) => judgeOrInvalid(dir, name).verdict));
  if (options.explain && options.json)
    throw usage('--explain', 'not with --json', 'verdict.json holds all of it');
  const claims = claimTableOf(record, verdict);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...verdict, ...claimsJson(claims) })}\n`
      : `${claimLines(claims)}${verdictTable(verdict, record.dir)}\n`,
  );
  if (options.explain) {
    for (const [i, judged] of verdict.scenarios.entries())
      process.stdout.write(`${explained(judged, record.scenarios[i]!)}\n`);
  }
  process.exitCode = verdict.exitCode;
}
