import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { usage } from '../base/trouble.ts';
import { families } from '../replay/reductions.ts';
import type { Kind } from '../replay/same-finding.ts';
import { scenarioFile } from '../replay/scenario-file.ts';
import type { HitRate } from '../replay/sequential-test.ts';
import { type Shrunk, shrink } from '../replay/shrink.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { newestKafka } from '../topology/brokers.ts';
import { parseFor } from './attach-options.ts';
import { chooseBackend } from './choose-backend.ts';
import { interruption, sayer } from './conduct.ts';
import { recordedIn } from './recorded.ts';
import { kafkasIn, versionsIn } from './run.ts';
import { makeRunDirectory } from './run-folder.ts';
import { keyOf, Tries } from './shrink-tries.ts';
import { aboutShrunk, mostReturned, sizeOf } from './shrink-words.ts';

interface ShrinkOptions {
  filter?: string;
  for: string;
  tries: string;
  out?: string;
  backend: 'auto' | 'docker' | 'sandbox';
  json?: boolean;
}

export function addShrink(gauntlet: Command): void {
  gauntlet
    .command('shrink')
    .description(
      'take away from a red scenario of a stored run what its finding does not need; writes a .yaml',
    )
    .argument('<run>', 'run directory')
    .option('--filter <text>', 'the red scenario whose name contains the text, where there are several')
    .option('--for <time>', 'no new try after that: 30s, 5m', '5m')
    .option('--tries <n>', 'most tries of one candidate, where the finding comes and goes', '6')
    .option('--out <file>', 'scenario file (default: shrunk.yaml in the run directory of the last try)')
    .addOption(
      new Option('--backend <name>', 'where servers run')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      `
Exit codes of shrink:
    0  the finding returned; the file holds the smallest scenario in which it does
    1  the finding did not return, so there is nothing to shrink
    2  usage: no scenario of the run broke a promise, or several did
    3  a machine that lacks something`,
    )
    .action(shrinkCommand);
}

/** Tries of the whole, before anything is taken away: enough to know that it returns. */
const baseTries = 2;
/** Tries of the result, by which the hit rate in its file is measured; fewer when the time is up. */
const lastTries = 3;

async function shrinkCommand(directory: string, options: ShrinkOptions): Promise<void> {
  const say = sayer(options);
  const budgetMs = parseFor(options.for);
  const triesMax = triesOf(options.tries);
  const file = options.out === undefined ? undefined : fileOf(options.out);
  const recorded = recordedIn(directory, options.filter);
  const { scenario, run } = recorded;
  const release = run.meta.zookeeper[0]!;
  const { servers, why, java } = await chooseBackend({
    backend: options.backend,
    zookeeper: release,
    versionsFor: () => versionsIn([scenario], [release]),
    kafkas: kafkasIn([scenario], newestKafka),
    say,
  });
  const { seed } = run.meta;
  say(`shrink "${scenario.name}" · ${options.for} · backend ${servers.backend} (${why})`);
  const out = await makeRunDirectory(undefined, 'shrink', seed, say);

  const signal = interruption();
  const begun = performance.now();
  const goOn = () => !signal.aborted && performance.now() - begun < budgetMs;
  const tries = new Tries({ directory: out, servers, release, seed, java, signal }, recorded.kinds);

  const base = await baseOf(tries, triesMax, goOn, scenario);
  say(`as it went: hit ${base.hits} of ${base.tries} (${tries.kinds[0]?.rule ?? 'nothing returned'})`);
  if (base.hits === 0) {
    if (options.json) process.stdout.write(`${JSON.stringify({ reproduced: false, base })}\n`);
    say('not reproduced: there is nothing to shrink');
    process.exitCode = signal.aborted ? 130 : 1;
    return;
  }
  const shrunk = await shrink(scenario, base, {
    families,
    keyOf,
    tryIt: async (candidate) => (await tries.try(candidate)).tried,
    goOn,
    triesMax,
    onJudged: ({ without, scenario: candidate }, kept, { hits, tries: of }) => {
      tries.keepOnly(candidate, kept);
      say(`${kept ? 'without' : 'needs  '} ${without} (hit ${hits} of ${of})`);
    },
  });
  const rate = await confirmed(tries, shrunk, goOn);
  const { directory: last, finding } = tries.hitOf(shrunk.scenario)!;
  const path = file ?? join(out, 'shrunk.yaml');
  const about = aboutShrunk({ scenario: shrunk.scenario, finding, rate, run, path: options.out ?? path });
  writeFileSync(path, scenarioFile(shrunk.scenario, about));
  const figures = { candidates: shrunk.candidates, tries: tries.count, minimal: shrunk.minimal };
  if (options.json) {
    const { removed } = shrunk;
    const sizes = { before: sizeOf(scenario), after: sizeOf(shrunk.scenario) };
    const all = {
      reproduced: true,
      file: path,
      run: last,
      finding,
      base,
      rate,
      removed,
      ...sizes,
      ...figures,
    };
    process.stdout.write(`${JSON.stringify(all)}\n`);
  }
  say('');
  say(`${sizeOf(scenario)} → ${sizeOf(shrunk.scenario)}`);
  say(
    `${tries.count} tries of ${shrunk.candidates} candidates; ${shrunk.minimal ? 'nothing more can be taken away' : 'the time was up'}`,
  );
  say(`hit ${rate.hits} of ${rate.tries}: ${finding.rule}: ${finding.title}`);
  say(`report ${join(last, 'report.html')}`);
  say(path);
  process.exitCode = signal.aborted ? 130 : 0;
}

/** Runs the whole scenario a few times, and settles which of its findings is looked for from now on. */
async function baseOf(
  tries: Tries,
  triesMax: number,
  goOn: () => boolean,
  scenario: Scenario,
): Promise<HitRate> {
  const returned: Kind[][] = [];
  while (goOn() && returned.length < triesMax) {
    returned.push((await tries.try(scenario)).kinds);
    if (returned.length >= baseTries && returned.some((kinds) => mostReturned(tries.kinds, [kinds]).hits > 0))
      break;
  }
  const { kinds, hits } = mostReturned(tries.kinds, returned);
  tries.lookFor(kinds, scenario);
  return { hits, tries: returned.length };
}

/** A few tries more of what was found: at least one, so that its file tells of a run of its own. */
async function confirmed(
  tries: Tries,
  { scenario, rate }: Shrunk<Scenario>,
  goOn: () => boolean,
): Promise<HitRate> {
  const all = { ...rate };
  for (let i = 0; i < lastTries && (i === 0 || goOn()); i++) {
    all.tries++;
    if ((await tries.try(scenario)).tried === 'hit') all.hits++;
  }
  return all;
}

function triesOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw usage(`--tries ${text}`, 'not a number of tries', 'give a whole number from 1 to 99');
}

function fileOf(path: string): string {
  if (/\.ya?ml$/.test(path)) return resolve(path);
  throw usage(`--out ${path}`, 'not a scenario file', 'give it a name that ends in .yaml');
}
