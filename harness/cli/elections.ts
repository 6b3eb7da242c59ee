import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { electionStatistics } from '../../reports/election-times.ts';
import { electionLines } from '../../reports/election-words.ts';
import { renderElections } from '../../reports/html/elections-page.ts';
import { writeWhole } from '../../reports/write.ts';
import { claimsOf } from '../../suites/conformance/claims.ts';
import { electionCauses, electionsSuite, noticedByTimeout } from '../../suites/elections.ts';
import { usage } from '../base/trouble.ts';
import { parseJvmFlags } from '../distribution/jvm-flags.ts';
import { openRun } from '../run/run-directory.ts';
import { checkVersion } from '../topology/version.ts';
import { chooseBackend } from './choose-backend.ts';
import { type Addendum, conduct, sayer } from './conduct.ts';
import { seedOf } from './run.ts';
import { makeRunDirectory } from './run-folder.ts';

interface ElectionsOptions {
  cause: string[];
  times: string;
  nodes: string;
  backend: 'auto' | 'docker' | 'sandbox';
  zookeeper: string;
  seed?: string;
  out?: string;
  json?: boolean;
}

export function addElections(gauntlet: Command): void {
  gauntlet
    .command('elections')
    .description(
      'how long elections take, by cause, over many of them, beside the floors of the servers’ code',
    )
    .option(
      '--cause <name>',
      `what makes the ensemble elect: ${electionCauses.join(', ')}; may be repeated`,
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--times <n>', 'elections for each cause', '20')
    .addOption(new Option('--nodes <n>', 'voters').choices(['3', '5']).default('3'))
    .addOption(
      new Option('--backend <name>', 'where servers run')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option('--zookeeper <version>', 'release of the servers', '3.9.5')
    .option('--seed <n>', 'whole number that decides every draw; drawn and printed when absent')
    .option('--out <dir>', 'run directory (default runs/<utc>-elections-<seed>)')
    .option('--json', 'print one JSON object and nothing else')
    .action(electionsCommand);
}

async function electionsCommand(options: ElectionsOptions): Promise<void> {
  const say = sayer(options);
  const causes = causesOf(options.cause);
  const times = timesOf(options.times);
  const seed = seedOf(options.seed);
  checkVersion(options.zookeeper, '--zookeeper');
  const { name: suite, scenarios } = electionsSuite(causes, times, Number(options.nodes));
  const { servers, why, zookeeper, java } = await chooseBackend({
    ...options,
    versionsFor: (release) => [release],
    say,
  });
  const { backend } = servers;
  say(`${times} elections by ${causes.join(', ')} · seed ${seed} · backend ${backend} (${why})`);
  const directory = await makeRunDirectory(options.out, suite, seed, say);
  const command = [
    'gauntlet elections',
    ...causes.map((cause) => `--cause ${cause}`),
    `--times ${times} --nodes ${options.nodes} --backend ${backend} --zookeeper ${options.zookeeper} --seed ${seed}`,
  ].join(' ');
  await conduct(
    {
      suite,
      scenarios,
      seed,
      servers,
      claims: claimsOf(scenarios),
      releases: [zookeeper],
      directory,
      // Side by side they would slow each other down, and time is what is measured.
      jobs: 1,
      java,
      jvmFlags: parseJvmFlags([]),
      command,
    },
    options,
    measured,
  );
}

/** Reads the finished run again and writes elections.html beside its report. */
async function measured(directory: string): Promise<Addendum> {
  const run = openRun(directory);
  const statistics = electionStatistics(run, noticedByTimeout);
  const page = await writeWhole(join(directory, 'elections.html'), renderElections(run.meta, statistics));
  return { lines: [...electionLines(statistics), '', `plot ${page}`], data: { elections: statistics } };
}

function causesOf(words: readonly string[]): (typeof electionCauses)[number][] {
  const wanted = words.length > 0 ? [...new Set(words)] : ['kill-leader'];
  return wanted.map((word) => {
    const cause = electionCauses.find((each) => each === word);
    if (cause) return cause;
    throw usage(`--cause ${word}`, 'no such cause', `use ${electionCauses.join(', ')}`);
  });
}

/** Each takes some seconds; beyond this it is a mistake in typing. */
const timesMax = 1000;

function timesOf(text: string): number {
  const times = Number(text);
  if (/^[1-9]\d*$/.test(text) && times <= timesMax) return times;
  throw usage(`--times ${text}`, 'not a number of elections', `give a whole number from 1 to ${timesMax}`);
}
