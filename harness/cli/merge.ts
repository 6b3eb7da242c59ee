import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeReports } from '../../reports/write.ts';
import { usage } from '../base/trouble.ts';
import { readNight } from '../nightly/coverage-file.ts';
import { mergeRuns } from '../run/merge.ts';
import { openRun } from '../run/run-directory.ts';
import { claimLines, claimsJson, claimTableOf } from './claim-lines.ts';
import { sayer } from './conduct.ts';
import { keepCoverage } from './nightly-coverage.ts';
import { makeRunDirectory } from './run-folder.ts';
import { verdictTable } from './verdict-table.ts';

interface MergeOptions {
  out?: string;
  coverage?: string;
  json?: boolean;
}

export function addMerge(gauntlet: Command): void {
  gauntlet
    .command('merge')
    .description(
      'make one run, report and JUnit of the parts of one (--shard); a part that is missing makes it invalid',
    )
    .argument('<run...>', 'run directories of the parts')
    .option('--out <dir>', 'run directory (default runs/<utc>-<suite>-<seed>)')
    .option(
      '--coverage <file>',
      'of nightly: where the night is added (default: coverage.json beside the run directory)',
    )
    .option('--json', 'print one JSON object and nothing else')
    .action(mergeCommand);
}

async function mergeCommand(words: string[], options: MergeOptions): Promise<void> {
  const say = sayer(options);
  const runs = words.map((word) => openRun(resolve(word)));
  const same = words.find((word, i) => words.some((other, j) => j < i && resolve(other) === resolve(word)));
  if (same !== undefined) throw usage(`merge ${same}`, 'given twice', 'give each part once');
  const [{ meta }] = runs as [(typeof runs)[number]];
  const directory = await makeRunDirectory(options.out, meta.suite, meta.seed, say);
  const verdict = mergeRuns(runs, directory);
  await writeReports(directory);

  const merged = openRun(directory);
  const night = readNight(directory);
  const coveragePath = resolve(options.coverage ?? join(dirname(directory), 'coverage.json'));
  const lines = night ? keepCoverage(coveragePath, merged.meta.startedAt, night.tonight) : [];
  const claims = claimTableOf(merged, verdict);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ directory, ...verdict, ...claimsJson(claims) })}\n`);
  for (const line of [...lines, `${claimLines(claims)}${verdictTable(verdict, directory)}`, directory])
    say(line);
  process.exitCode = verdict.exitCode;
}
