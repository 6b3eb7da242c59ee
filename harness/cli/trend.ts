import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { renderTrend } from '../../reports/html/trend-page.ts';
import { trendOf } from '../../reports/trend.ts';
import { trendLines } from '../../reports/trend-words.ts';
import { writeWhole } from '../../reports/write.ts';
import { usage } from '../base/trouble.ts';
import { openRun } from '../run/run-directory.ts';

export function addTrend(gauntlet: Command): void {
  gauntlet
    .command('trend')
    .description('verdicts and main figures of runs over time, and which night changed')
    .argument('<dir...>', 'run directories, or folders that hold them')
    .option('--html <file>', 'write a page, too; it needs no network')
    .option('--json', 'print one JSON object and nothing else')
    .action(trendCommand);
}

async function trendCommand(words: string[], options: { html?: string; json?: boolean }): Promise<void> {
  const dirs = [...new Set(words.flatMap(runsIn))];
  // Parts of a run are no nights: the one they were merged into is.
  const runs = dirs.map(openRun).filter(({ meta }) => meta.shard === undefined);
  if (runs.length === 0)
    throw usage(
      `trend ${words.join(' ')}`,
      'only parts of runs are there',
      'merge them first (`gauntlet merge`)',
    );
  const series = trendOf(runs);
  const page =
    options.html === undefined ? [] : [await writeWhole(resolve(options.html), renderTrend(series))];
  if (options.json) process.stdout.write(`${JSON.stringify({ series })}\n`);
  else process.stdout.write(`${[...trendLines(series), ...page].join('\n')}\n`);
}

/** The directory itself when it is of a run, else those of runs in it. */
function runsIn(word: string): string[] {
  const dir = resolve(word);
  const isRun = (path: string) => existsSync(join(path, 'run.json'));
  if (isRun(dir)) return [dir];
  const inside =
    existsSync(dir) && statSync(dir).isDirectory() ? readdirSync(dir).map((name) => join(dir, name)) : [];
  const runs = inside.filter(isRun);
  if (runs.length === 0)
    throw usage(`trend ${word}`, 'no run is there', 'give run directories, or a folder that holds some');
  return runs;
}
