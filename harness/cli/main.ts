import { Command, CommanderError, Option } from 'commander';
import { Trouble, usage } from '../base/trouble.ts';
import { gauntletVersion } from '../run/gauntlet-version.ts';
import { checkCommand } from './check.ts';
import { doctorCommand } from './doctor.ts';
import { exitCodeTable } from './exit-codes.ts';
import { imagesBuildCommand } from './images.ts';
import { kinds, listCommand } from './list.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';

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
    .argument('[suite...]', 'suites or files', ['quick'])
    .addOption(
      new Option('--backend <name>', 'where servers run')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option('--zookeeper <version>', 'release of the servers', '3.9.5')
    .option('--zookeeper-home <dir>', 'use an unpacked release instead of fetching one')
    .option('--image <name>', 'run servers from this image instead of zookeeper:<version> (docker)')
    .option('--seed <n>', 'whole number that decides every draw; drawn and printed when absent')
    .option('--filter <text>', 'only scenarios whose name or tag contains the text')
    .option('--out <dir>', 'run directory (default runs/<utc>-<suite>-<seed>)')
    .option('--jobs <n>', 'scenarios at the same time (default: by cores and memory)')
    .option('--shard <i/n>', 'only the i-th of n equal parts')
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
    .option('--json', 'print one JSON object and nothing else')
    .action(checkCommand);

  gauntlet
    .command('report')
    .description('write the reports of a stored run again')
    .argument('<run>', 'run directory')
    .option('--open', 'open the page in a browser')
    .action(reportCommand);

  const images = gauntlet.command('images').description('server images on the Docker engine');
  images
    .command('build')
    .description('make local images from Debian packages and Maven jars, where no registry has them')
    .option('--zookeeper <version>', 'release to make; may be repeated', collect, [])
    .action(imagesBuildCommand);

  gauntlet
    .command('doctor')
    .description('what this machine can do, found out by doing it')
    .option('--clean', 'remove what a killed run left behind')
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
