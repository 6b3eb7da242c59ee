import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { usage } from '../base/trouble.ts';
import { findingLike, kindsIn, sameKind } from '../replay/same-finding.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { newestKafka } from '../topology/brokers.ts';
import { chooseBackend } from './choose-backend.ts';
import { colours as pc } from './colours.ts';
import { type Conducted, oneAtATime, runShown, sayer } from './conduct.ts';
import { kindInWords, type Recorded, recordedIn } from './recorded.ts';
import { type Shown, shownAgain } from './replay-outcome.ts';
import { kafkasIn, versionsIn } from './run.ts';
import { makeRunDirectory } from './run-folder.ts';

interface ReplayOptions {
  times?: string;
  filter?: string;
  backend: 'auto' | 'docker' | 'sandbox';
  out?: string;
  json?: boolean;
}

export function addReplay(gauntlet: Command): void {
  gauntlet
    .command('replay')
    .description(
      'run a red scenario of a stored run again, as it went, and tell how often its finding returns',
    )
    .argument('<run>', 'run directory')
    .option('--times <n>', 'how often (default: once)')
    .option('--filter <text>', 'the red scenario whose name contains the text, where there are several')
    .addOption(
      new Option('--backend <name>', 'where servers run')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option('--out <dir>', 'run directory (default runs/<utc>-replay-<seed>)')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      `
Exit codes of replay:
    0  reproduced: the same rule found the same kind of breach at least once
    1  not reproduced
    2  usage: no scenario of the run broke a promise, or several did
    3  invalid: no try proves anything; also a machine that lacks something`,
    )
    .action(replayCommand);
}

async function replayCommand(directory: string, options: ReplayOptions): Promise<void> {
  const say = sayer(options);
  const recorded = recordedIn(directory, options.filter);
  const times = timesOf(options.times);
  const { kinds, scenario } = recorded;
  const scenarios = triesOf(scenario, times);
  const release = recorded.run.meta.zookeeper[0]!;
  const { servers, why, java } = await chooseBackend({
    backend: options.backend,
    zookeeper: release,
    versionsFor: () => versionsIn(scenarios, [release]),
    kafkas: kafkasIn(scenarios, newestKafka),
    say,
  });
  const { seed } = recorded.run.meta;
  say(`replay of "${scenario.name}" · ${times} tries · backend ${servers.backend} (${why})`);
  const out = await makeRunDirectory(options.out, 'replay', seed, say);

  const { ends, interrupted } = await runShown(
    {
      ...{ suite: 'replay', scenarios, seed, servers, directory: out, java },
      releases: [release],
      ...oneAtATime,
      command: `gauntlet replay ${directory} --times ${times} --backend ${servers.backend}`,
    },
    options,
  );

  const shown = ends.map(({ verdict }) => shownAgain(verdict, kinds));
  tell(recorded, ends, shown, out, options);
  process.exitCode = interrupted ? 130 : exitOf(shown);
}

/** The same scenario under a name of its own for each try; its seed makes their draws the same. */
function triesOf(scenario: Scenario, times: number): Scenario[] {
  return Array.from({ length: times }, (_, i) => ({
    ...scenario,
    name: times === 1 ? `${scenario.name}, again` : `${scenario.name}, again ${i + 1} of ${times}`,
  }));
}

function exitOf(shown: readonly Shown[]): number {
  if (shown.includes('hit')) return 0;
  return shown.every((each) => each === 'nothing') ? 3 : 1;
}

function timesOf(text = '1'): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw usage(`--times ${text}`, 'not a number of tries', 'give a whole number from 1');
}

function tell(
  { record, kinds }: Recorded,
  ends: Conducted['ends'],
  shown: readonly Shown[],
  directory: string,
  { json = false }: ReplayOptions,
): void {
  const hits = shown.filter((each) => each === 'hit').length;
  const report = join(directory, 'report.html');
  const returned = kinds.map((kind) => ({
    ...kind,
    hits: ends.filter(({ verdict }) => kindsIn(verdict).some((each) => sameKind(kind, each))).length,
  }));
  if (json) {
    const tries = ends.map(({ slug, seconds, verdict }, i) => {
      const finding = findingLike(verdict, kinds);
      return { scenario: slug, shown: shown[i], seconds, ...(finding && { finding }) };
    });
    const all = { directory, report, replayed: record.dir, hits, of: ends.length, findings: returned, tries };
    process.stdout.write(`${JSON.stringify(all)}\n`);
    return;
  }
  const say = sayer({ json });
  for (const [i, { seconds, verdict }] of ends.entries()) {
    say(`${shown[i]!.padEnd(7)} ${verdict.scenario} (${seconds.toFixed(1)} s)`);
    const finding = findingLike(verdict, kinds);
    if (finding) say(`    ${finding.rule}: ${pc.bold(finding.title)}`);
    else for (const reason of verdict.reasons.slice(0, 3)) say(`    ${reason}`);
  }
  say('');
  for (const kind of returned) say(`${kind.hits} of ${ends.length}  ${kindInWords(kind)}`);
  const word = hits > 0 ? pc.green('reproduced') : pc.red('not reproduced');
  say(`${word}: the finding returned in ${hits} of ${ends.length} tries`);
  say(`report ${report}`);
  say(directory);
}
