import { Command, CommanderError, Option } from 'commander';
import { Trouble, usage } from '../base/trouble.ts';
import { gauntletVersion } from '../run/gauntlet-version.ts';
import { newestKafka } from '../topology/brokers.ts';
import { attachCommand } from './attach.ts';
import { checkCommand } from './check.ts';
import { composeCommand } from './compose.ts';
import { doctorCommand } from './doctor.ts';
import { addElections } from './elections.ts';
import { exitCodeTable } from './exit-codes.ts';
import { addExport } from './export.ts';
import { imagesBuildCommand } from './images.ts';
import { addLin } from './lin.ts';
import { lintCommand } from './lint.ts';
import { kinds, listCommand } from './list.ts';
import { addMerge } from './merge.ts';
import { addReplay } from './replay.ts';
import { reportCommand } from './report.ts';
import { addRepro } from './repro.ts';
import { runCommand } from './run.ts';
import { addShrink } from './shrink.ts';
import { addTrend } from './trend.ts';
import { txnsCommand } from './txns.ts';
import { addUpgrade } from './upgrade.ts';

/** Every option value is text here; each command checks its own and names the option when it does not fit. */
export function program(): Command {
  const gauntlet = new Command('gauntlet')
    .description(
      'Chaos and conformance harness for ZooKeeper ensembles: real servers, real faults, a verdict.',
    )
    .version(gauntletVersion)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError()
    .addHelpText('after', `\n${exitCodeTable()}`);

  gauntlet
    .command('run')
    .description('run suites (by name), or files of your own (.suite.ts, .yaml)')
    .argument('[suite...]', 'suites or files; or nightly: random scenarios until the time is up', ['quick'])
    .addOption(
      new Option('--backend <name>', 'where servers run')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option(
      '--zookeeper <version>',
      'release of the servers (default: 3.9.5); repeated, every scenario is run on each',
      collect,
      [],
    )
    .option('--kafka <version>', `release of the brokers, where there are any (default: ${newestKafka})`)
    .option('--zookeeper-home <dir>', 'use an unpacked release instead of fetching one')
    .option('--image <name>', 'run servers from this image instead of zookeeper:<version> (docker)')
    .option(
      '--kafka-image <name>',
      'run brokers from this image, of the line --kafka names, instead of a local one (docker)',
    )
    .option('--seed <n>', 'whole number that decides every draw; drawn and printed when absent')
    .option(
      '--filter <text>',
      'only scenarios whose name or tag contains the text; of nightly: the one with this number before its name',
    )
    .option('--for <time>', 'of nightly: no scenario begins that would not end within 10m, 2h (default: 30m)')
    .option('--scenarios <n>', 'of nightly: at most so many')
    .option(
      '--coverage <file>',
      'of nightly: what earlier nights covered, and this one after it (default: coverage.json beside the run directory)',
    )
    .option('--out <dir>', 'run directory (default runs/<utc>-<suite>-<seed>)')
    .option('--jobs <n>', 'scenarios at the same time (default: by cores and memory)')
    .option('--shard <i/n>', 'only the i-th of n equal parts; `gauntlet merge` makes one run of them')
    .option(
      '--jvm-flags <flags>',
      'flags for every server, or as 2:<flags> for server 2; may be repeated',
      collect,
      [],
    )
    .option('--json', 'print one JSON object and nothing else')
    .action(runCommand);

  gauntlet
    .command('list')
    .description(`what exists, from the code itself: ${kinds.join(', ')}`)
    .argument('<kind>')
    .option('--json', 'print one JSON object and nothing else')
    .action(listCommand);

  gauntlet
    .command('check')
    .description('judge a stored run again: same evidence, same verdict, same exit code')
    .argument('<run>', 'run directory')
    .option('--explain', 'tell every finding in full: the promise, the moment, the operations that show it')
    .option('--json', 'print one JSON object and nothing else')
    .action(checkCommand);

  gauntlet
    .command('attach')
    .description(
      'put a workload and the rules to servers that somebody else runs, below one node of their tree',
    )
    .argument('[suite...]', 'suites or files; without any: clients at work, and each --fault once')
    .requiredOption('--servers <list>', 'every server by its own address: a:2181,b:2181,c:2181/chroot')
    .option('--auth <scheme:credentials>', 'what sessions present, such as digest:user:password')
    .option('--workload <name>', 'what clients do, as name or name:key=value,key=value (default: mixed)')
    .option('--for <time>', 'how long: 30s, 5m (default: 30s)')
    .option(
      '--fault <name: command>',
      'shell command that breaks one server; knows {name}, {sid}, {host}, {port}; may be repeated',
      collect,
      [],
    )
    .option('--heal <name: command>', 'shell command that ends the fault of that name', collect, [])
    .option(
      '--bites <name: command>',
      'shell command that succeeds while that fault is in force (default: the server stops serving)',
      collect,
      [],
    )
    .option('--target <who>', 'whom the faults hit: a role, or ids as 1,3 (default: leader)')
    .option('--seed <n>', 'whole number that decides every draw; drawn and printed when absent')
    .option('--out <dir>', 'run directory (default runs/<utc>-<suite>-<seed>)')
    .option('--clean', 'only remove what dead runs left in the tree')
    .option('--json', 'print one JSON object and nothing else')
    .action(attachCommand);

  gauntlet
    .command('txns')
    .description('print the transactions in the data directory of a server, of any release; only reads')
    .argument('<dir>', 'dataDir or dataLogDir of one server, or a folder that holds both')
    .option('--json', 'print one JSON object a line')
    .action(txnsCommand);

  gauntlet
    .command('report')
    .description('write the reports of a stored run again')
    .argument('<run>', 'run directory')
    .option('--open', 'open the page in a browser')
    .action(reportCommand);

  gauntlet
    .command('compose')
    .description(
      'print a docker-compose file for an ensemble: 3, 5, 3+2 (voters+observers); kafka 3: with as many brokers; ' +
        'kubernetes 3: both as Kubernetes manifests',
    )
    .argument('<topology...>')
    .option('--zookeeper <version>', 'release of the servers', '3.9.5')
    .option('--kafka <version>', 'release of the brokers', newestKafka)
    .option('--image <name>', 'image of the servers (default: zookeeper:<version>, the official one)')
    .option('--kafka-image <name>', 'image of the brokers (default: confluentinc/cp-kafka of that line)')
    .option('--port <n>', 'published port of the first server; the others follow', '2181')
    .option('--broker-port <n>', 'published port of the first broker; the others follow', '9092')
    .action(composeCommand);

  gauntlet
    .command('lint')
    .description(
      'name mistakes in zoo.cfg, myid, compose files and Kubernetes manifests (exit 1 with problems)',
    )
    .argument('<file...>', 'the files of an ensemble together, since some mistakes show only side by side')
    .option('--zookeeper <version>', 'release that will read them, where no image tag tells', '3.9.5')
    .option('--ignore <check>', 'leave out a check of `list checks`; may be repeated', collect, [])
    .option('--json', 'print one JSON object and nothing else')
    .action(lintCommand);

  addElections(gauntlet);
  addExport(gauntlet);
  addLin(gauntlet);
  addReplay(gauntlet);
  addRepro(gauntlet);
  addMerge(gauntlet);
  addUpgrade(gauntlet);
  addShrink(gauntlet);
  addTrend(gauntlet);

  const images = gauntlet.command('images').description('server images on the Docker engine');
  images
    .command('build')
    .description('make local images from Debian packages and Maven jars, where no registry has them')
    .option('--zookeeper <version>', 'release to make; may be repeated', collect, [])
    .option('--kafka <version>', 'release of brokers to make; may be repeated', collect, [])
    .action(imagesBuildCommand);

  gauntlet
    .command('doctor')
    .description('what this machine can do, found out by doing it')
    .option('--clean', 'remove what a killed run left behind')
    .option(
      '--faults',
      'try every fault on real machines: which connections open, hang, are refused or closed',
    )
    .option('--json', 'print one JSON object and nothing else')
    .action(doctorCommand);

  for (const command of [...gauntlet.commands, ...images.commands])
    command.exitOverride().configureOutput({ outputError: () => undefined });
  return gauntlet;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** Runs a command line; resolves with the exit code and never prints a stack trace for what is not our mistake. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const trouble = asTrouble(error);
    if (trouble === undefined) return 0;
    if (!(trouble instanceof Trouble)) {
      process.stderr.write(
        `gauntlet: a mistake of ours: ${trouble instanceof Error ? trouble.stack : trouble}\n`,
      );
      return 3;
    }
    process.stderr.write(`gauntlet: ${trouble.message}\n`);
    return trouble.exit;
  }
}

/** Undefined for what commander calls an error and is none (--help, --version). */
function asTrouble(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.exitCode === 0) return undefined;
  const reason = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return usage('command line', reason, 'see `gauntlet --help`', error);
}
