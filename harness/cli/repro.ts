import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { knownBugs, recipeOf, triesOf } from '../../suites/known-bugs/index.ts';
import type { Recipe } from '../../suites/known-bugs/recipe.ts';
import { usage } from '../base/trouble.ts';
import { newestKafka } from '../topology/brokers.ts';
import { chooseBackend } from './choose-backend.ts';
import { colours as pc } from './colours.ts';
import { oneAtATime, runShown, sayer } from './conduct.ts';
import {
  findingOf,
  isReproduced,
  type Standing,
  shownBy,
  standingOf,
  type Try,
  trackRecord,
} from './repro-outcome.ts';
import { kafkasIn, seedOf, versionsIn } from './run.ts';
import { makeRunDirectory } from './run-folder.ts';

interface ReproOptions {
  all?: boolean;
  list?: boolean;
  control?: boolean;
  times?: string;
  backend: 'auto' | 'docker' | 'sandbox';
  seed?: string;
  out?: string;
  json?: boolean;
}

export function addRepro(gauntlet: Command): void {
  gauntlet
    .command('repro')
    .description('bring a known bug back on a real release that had it; the rules find it by its symptom')
    .argument('[bug...]', 'issues, as ZOOKEEPER-4925')
    .option('--list', 'which bugs there are recipes for')
    .option('--all', 'every bug there is a recipe for, each with its control')
    .option(
      '--control',
      'as often on a release without the bug, which must stay clean; writes track-record.md into the run directory',
    )
    .option('--times <n>', 'how often (default: once)')
    .addOption(
      new Option('--backend <name>', 'where servers run')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option('--seed <n>', 'whole number that decides every draw; drawn and printed when absent')
    .option('--out <dir>', 'run directory (default runs/<utc>-<bug>-<seed>)')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      `
Exit codes of repro:
    0  reproduced: every bug that was asked for was hit at least once, and its control, if any, stayed clean
    1  not reproduced
    2  usage: there is no such recipe
    3  a machine that lacks something`,
    )
    .action(reproCommand);
}

async function reproCommand(words: string[], options: ReproOptions): Promise<void> {
  if (options.list) return list(options);
  const say = sayer(options);
  const recipes = chosen(words, options);
  const control = options.control || options.all;
  const times = timesOf(options.times);
  const seed = seedOf(options.seed);
  const planned = recipes.flatMap((recipe) => {
    const releases = control && recipe.healthy !== undefined ? [recipe.bad, recipe.healthy] : [recipe.bad];
    return releases.flatMap((release) =>
      triesOf(recipe, release, times).map((scenario) => ({ recipe, release, scenario })),
    );
  });
  const scenarios = planned.map(({ scenario }) => scenario);
  // Every recipe names the release of its servers.
  const [{ bad, servers: zookeeper = bad }] = recipes as readonly [Recipe];
  const { servers, why, java } = await chooseBackend({
    backend: options.backend,
    zookeeper,
    versionsFor: () => versionsIn(scenarios, [zookeeper]),
    kafkas: kafkasIn(scenarios, newestKafka),
    say,
  });
  const suite = recipes.length > 1 ? 'known-bugs' : recipes[0]!.id.toLowerCase();
  say(`${suite} · seed ${seed} · ${scenarios.length} tries · backend ${servers.backend} (${why})`);
  const command = commandLine(words, { ...options, backend: servers.backend }, times, seed);
  const directory = await makeRunDirectory(options.out, suite, seed, say);

  const { ends, interrupted } = await runShown(
    {
      ...{ suite, scenarios, seed, servers, directory, java },
      releases: [zookeeper],
      ...oneAtATime,
      command,
    },
    options,
  );

  const tries = planned.map(({ recipe, release }, i): Try => ({ recipe, release, ...ends[i]! }));
  const standings = recipes.map((recipe) => standingOf(recipe, tries));
  if (control) {
    const where = `${cpus().length} cores, ${servers.backend}, one try at a time`;
    const how = { command, where };
    writeFileSync(join(directory, 'track-record.md'), trackRecord(standings, how));
  }
  tell(tries, standings, directory, seed, options);
  process.exitCode = interrupted ? 130 : standings.every(isReproduced) ? 0 : 1;
}

function chosen(words: readonly string[], { all }: ReproOptions): readonly Recipe[] {
  const remedy = 'name bugs of `gauntlet repro --list`, or give --all';
  if (all && words.length > 0) throw usage(`repro ${words[0]} --all`, 'some bugs, or all of them', remedy);
  if (all) return knownBugs;
  if (words.length === 0) throw usage('repro', 'no bug was named', remedy);
  return [...new Set(words.map(recipeOf))];
}

function commandLine(
  words: readonly string[],
  options: Pick<ReproOptions, 'all' | 'control'> & { backend: string },
  times: number,
  seed: number,
): string {
  const flags = [...(options.all ? ['--all'] : []), ...(options.control ? ['--control'] : [])];
  const parts = ['gauntlet repro', ...words, ...flags, '--times', times, '--backend', options.backend];
  return [...parts, '--seed', seed].join(' ');
}

function timesOf(text = '1'): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw usage(`--times ${text}`, 'not a number of tries', 'give a whole number from 1');
}

function list({ json }: ReproOptions): void {
  if (json) {
    const bugs = knownBugs.map(({ scenario: _, ...recipe }) => recipe);
    process.stdout.write(`${JSON.stringify({ bugs })}\n`);
    return;
  }
  const width = Math.max(...knownBugs.map(({ id }) => id.length));
  for (const { id, breaks, bad, healthy } of knownBugs) {
    const where = healthy === undefined ? bad : `${bad}; not in ${healthy}`;
    process.stdout.write(`${id.padEnd(width)}  ${breaks} (${where})\n`);
  }
}

function tell(
  tries: readonly Try[],
  standings: readonly Standing[],
  directory: string,
  seed: number,
  { json = false }: ReproOptions,
): void {
  const report = join(directory, 'report.html');
  if (json) {
    const told = tries.map((each) => ({
      bug: each.recipe.id,
      release: each.release,
      shown: shownBy(each),
      seconds: each.seconds,
      scenario: each.slug,
      ...(findingOf(each) && { finding: findingOf(each) }),
    }));
    const bugs = standings.map(({ recipe, ...figures }) => ({
      bug: recipe.id,
      reproduced: isReproduced({ recipe, ...figures }),
      ...figures,
    }));
    process.stdout.write(`${JSON.stringify({ directory, seed, report, bugs, tries: told })}\n`);
    return;
  }
  const say = sayer({ json });
  for (const each of tries) for (const line of tryLines(each)) say(line);
  for (const standing of standings) say(standingLine(standing));
  say(`report ${report}`);
  say(directory);
}

function tryLines(each: Try): string[] {
  const { recipe, release, seconds, verdict } = each;
  const shown = shownBy(each);
  const head = `${shown.padEnd(7)} ${recipe.id} on ${release} (${seconds.toFixed(1)} s)`;
  const finding = findingOf(each);
  if (finding) return [head, `    ${finding.rule}: ${pc.bold(finding.title)}`, `      ${finding.words}`];
  return [head, ...verdict.reasons.map((reason) => `    ${reason}`)];
}

function standingLine(standing: Standing): string {
  const { recipe, hits, tries, clean, controls } = standing;
  const control = controls > 0 ? `, clean ${clean} of ${controls} on ${recipe.healthy}` : '';
  const word = isReproduced(standing) ? pc.green('reproduced') : pc.red('not reproduced');
  return `${recipe.id} ${word}: hit ${hits} of ${tries} on ${recipe.bad}${control}`;
}
