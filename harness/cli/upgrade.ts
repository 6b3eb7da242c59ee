import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { reportOf } from '../../reports/report.ts';
import { askedFile, type UpgradeAsked } from '../../reports/upgrade/asked.ts';
import { answerCodes } from '../../reports/upgrade/decide.ts';
import { upgradeIn } from '../../reports/upgrade/upgrade-report.ts';
import { knownBugs } from '../../suites/known-bugs/index.ts';
import { upgradeSuite } from '../../suites/upgrade/index.ts';
import { messageOf, usage } from '../base/trouble.ts';
import { checkKafka } from '../distribution/kafka.ts';
import { openRun } from '../run/run-directory.ts';
import { store } from '../run/stored.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { checkVersion } from '../topology/version.ts';
import { type CarriedOver, carryOver } from './carry-over.ts';
import { chooseBackend } from './choose-backend.ts';
import { oneAtATime, runShown, sayer } from './conduct.ts';
import { kafkasIn, seedOf, versionsIn } from './run.ts';
import { makeRunDirectory } from './run-folder.ts';
import { copyData, dataBytesMax, lookAtData } from './upgrade-data.ts';
import { upgradeLines } from './upgrade-lines.ts';

interface UpgradeOptions {
  from?: string;
  to?: string;
  config?: string;
  data?: string;
  kafka?: string;
  filter?: string;
  times: string;
  backend: 'auto' | 'docker' | 'sandbox';
  seed?: string;
  out?: string;
  json?: boolean;
}

export function addUpgrade(gauntlet: Command): void {
  gauntlet
    .command('upgrade')
    .description(
      'go or no-go: both releases alone, every mixed stage of a rolling upgrade under load with faults, and the way back',
    )
    .option('--from <version>', 'release that runs now')
    .option('--to <version>', 'release it is to become')
    .option('--config <zoo.cfg>', 'your own configuration: lines that can hold anywhere do')
    .option('--data <dir>', 'a data directory of yours: copied, never touched; every server begins with it')
    .option(
      '--kafka <version>',
      'brokers of this release on top, in one more rolling upgrade: their records are judged too',
    )
    .option('--times <n>', 'tries of each release alone; how far they differ is the noise (2 to 9)', '2')
    .option('--filter <text>', 'only scenarios whose name or tag contains the text: may say no-go, never go')
    .addOption(
      new Option('--backend <name>', 'where servers run')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option('--seed <n>', 'whole number that decides every draw; drawn and printed when absent')
    .option('--out <dir>', 'run directory (default runs/<utc>-upgrade-<seed>)')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      `
Exit codes of upgrade:
    0  go: the way and the new release kept every promise; what breaks on the old release alone is told and does not count
    1  no-go: the way, or the new release, broke a promise
    2  usage: an option is missing or wrong
    3  invalid: part of it proves nothing, or this machine lacks something

Example: gauntlet upgrade --from 3.8.6 --to 3.9.5 --config /etc/zookeeper/zoo.cfg`,
    )
    .action(upgradeCommand);
}

async function upgradeCommand(options: UpgradeOptions): Promise<void> {
  const say = sayer(options);
  const [from, to] = [releaseOf(options, 'from'), releaseOf(options, 'to')];
  if (from === to) throw usage(`--to ${to}`, 'the same as --from', 'name two different releases');
  const times = timesOf(options.times);
  const seed = seedOf(options.seed);
  const config = options.config === undefined ? undefined : carriedFrom(options.config);
  const data = options.data === undefined ? undefined : checkedData(options.data);
  const kafka = options.kafka === undefined ? undefined : checkKafka(options.kafka);
  const scenariosFor = (folder: string): Scenario[] =>
    chosen(
      upgradeSuite(
        {
          ...{ from, to, settings: config?.settings ?? {} },
          ...(kafka !== undefined && { kafka }),
          ...(data && { data: join(folder, dataFolder) }),
        },
        times,
      ).scenarios,
      options.filter,
    );

  const planned = scenariosFor('.');
  const versions = versionsIn(planned, [from, to]);
  const kafkas = kafka === undefined ? [] : kafkasIn(planned, kafka);
  const { servers, why, java } = await chooseBackend({
    backend: options.backend,
    zookeeper: from,
    versionsFor: () => versions,
    kafkas,
    say,
  });
  say(`upgrade from ${from} to ${to} · seed ${seed} · backend ${servers.backend} (${why})`);
  const directory = await makeRunDirectory(options.out, 'upgrade', seed, say);
  if (data) copyData(data, join(directory, dataFolder));
  store(join(directory, askedFile), asked({ from, to, options, config, data, kafka: kafkas[0] }));

  const { interrupted } = await runShown(
    {
      ...{ suite: 'upgrade', scenarios: scenariosFor(directory), seed, servers, directory, java },
      releases: [from, to],
      ...oneAtATime,
      command: commandLine(options, servers.backend, seed),
    },
    options,
  );
  tell(directory, seed, options);
  if (interrupted) process.exitCode = 130;
}

function tell(directory: string, seed: number, { json = false }: UpgradeOptions): void {
  const record = openRun(directory);
  const report = upgradeIn(record, reportOf(record))!;
  const { asked, decision, differential, figures } = report;
  const page = join(directory, 'upgrade.html');
  process.exitCode = answerCodes[decision.answer];
  if (json) {
    const { from, to, knownBugs } = asked;
    const told = { directory, seed, from, to, ...decision, exitCode: process.exitCode, page };
    process.stdout.write(`${JSON.stringify({ ...told, figures, differential, knownBugs })}\n`);
    return;
  }
  const say = sayer({ json });
  for (const line of upgradeLines(report)) say(line);
  say(`page ${page}`);
  say(directory);
}

/** Where the operator's data lies in the run directory. */
const dataFolder = 'data';

function releaseOf(options: UpgradeOptions, name: 'from' | 'to'): string {
  const version = options[name];
  if (version !== undefined) return checkVersion(version, `--${name}`);
  throw usage(`--${name}`, 'missing', 'name both releases: gauntlet upgrade --from 3.8.6 --to 3.9.5');
}

function timesOf(text: string): number {
  if (/^[2-9]$/.test(text)) return Number(text);
  throw usage(`--times ${text}`, 'not a number of tries', 'give 2 to 9: one try alone has no spread');
}

function carriedFrom(file: string): CarriedOver {
  try {
    return carryOver(readFileSync(file, 'utf8'), file);
  } catch (error) {
    throw usage(`--config ${file}`, messageOf(error), 'give a zoo.cfg that can be read', error);
  }
}

function checkedData(given: string): ReturnType<typeof lookAtData> {
  const data = lookAtData(given);
  const bytes = bytesOf(data);
  if (bytes <= dataBytesMax) return data;
  throw usage(
    `--data ${given}`,
    `${Math.round(bytes / 2 ** 20)} MiB, and each server has it in memory`,
    `give at most ${dataBytesMax / 2 ** 20} MiB: the newest snapshot and the logs since`,
  );
}

const bytesOf = ({ found }: ReturnType<typeof lookAtData>) =>
  [...found.logs, ...found.snapshots].reduce((sum, { bytes }) => sum + bytes, 0);

function chosen(scenarios: Scenario[], filter: string | undefined): Scenario[] {
  if (filter === undefined) return scenarios;
  const wanted = filter.toLowerCase();
  const fitting = scenarios.filter(({ name, tags }) =>
    [name, ...tags].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (fitting.length > 0) return fitting;
  const names = scenarios.map(({ name }) => `"${name}"`).join(', ');
  throw usage(
    `--filter ${filter}`,
    'no scenario of an upgrade has it in its name or tag',
    `there are ${names}`,
  );
}

function asked({
  from,
  to,
  options,
  config,
  data,
  kafka,
}: {
  from: string;
  to: string;
  options: UpgradeOptions;
  config: CarriedOver | undefined;
  data: ReturnType<typeof lookAtData> | undefined;
  kafka: string | undefined;
}): UpgradeAsked {
  const { filter } = options;
  return {
    from,
    to,
    ...(kafka !== undefined && { kafka }),
    ...(filter !== undefined && { filter }),
    ...(config && { config: { file: options.config!, carried: config.settings, left: config.left } }),
    ...(data && {
      data: {
        directory: data.given,
        snapshots: data.found.snapshots.length,
        logs: data.found.logs.length,
        bytes: bytesOf(data),
      },
    }),
    knownBugs: knownBugs
      .filter(({ bad, alsoBad = [], servers }) => !servers && (bad === to || alsoBad.includes(to)))
      .map(({ id, breaks }) => ({ id, breaks })),
  };
}

function commandLine(options: UpgradeOptions, backend: string, seed: number): string {
  const { from, to, config, data, kafka, filter, times } = options;
  const words = [`gauntlet upgrade --from ${from} --to ${to}`];
  if (config !== undefined) words.push(`--config ${config}`);
  if (data !== undefined) words.push(`--data ${data}`);
  if (kafka !== undefined) words.push(`--kafka ${kafka}`);
  if (filter !== undefined) words.push(`--filter "${filter}"`);
  return [...words, `--times ${times} --backend ${backend} --seed ${seed}`].join(' ');
}
