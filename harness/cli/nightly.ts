import { dirname, join, resolve } from 'node:path';
import { usage } from '../base/trouble.ts';
import { parseJvmFlags } from '../distribution/jvm-flags.ts';
import { added, type Coverage } from '../nightly/coverage.ts';
import { nightFile, readCoverage } from '../nightly/coverage-file.ts';
import { drawScenario } from '../nightly/draw-scenario.ts';
import { scenariosOf } from '../nightly/sequence.ts';
import type { ScenarioSource } from '../run/run.ts';
import { openRun, type Shard } from '../run/run-directory.ts';
import { store } from '../run/stored.ts';
import { defineSuite } from '../scenario/define.ts';
import type { Scenario, ScenarioInput } from '../scenario/scenario.ts';
import { parseFor } from './attach-options.ts';
import { chooseBackend } from './choose-backend.ts';
import { type Addendum, conduct, sayer } from './conduct.ts';
import { keepCoverage, scenarioCoverage } from './nightly-coverage.ts';
import {
  commandLine,
  falls,
  jobsFor,
  memoryOfServer,
  type RunOptions,
  releasesAsked,
  seedOf,
  shardOf,
} from './run.ts';
import { makeRunDirectory } from './run-folder.ts';

/** The suite that is drawn, not written. */
export const nightly = 'nightly';
export const aboutNightly =
  'random scenarios drawn from the seed, those that nights covered least before others, until the time is up';

const defaultFor = '30m';
/** What a scenario is taken to need before one has ended. s. */
const firstGuess = 15;
/** The most that is drawn: five voters and an observer. */
const serversMax = 6;

export async function nightlyCommand(words: string[], options: RunOptions): Promise<void> {
  if (words.length > 1)
    throw usage(`run ${words.join(' ')}`, `${nightly} runs alone`, 'leave the others out');
  const say = sayer(options);
  const seed = seedOf(options.seed);
  const forMs = parseFor(options.for ?? defaultFor);
  const limit = limitOf(options.scenarios);
  const shard = shardOf(options.shard);
  const only = onlyOf(options.filter);
  const jvmFlags = parseJvmFlags(options.jvmFlags);
  const [first, ...later] = releasesAsked(options);
  const jobs = jobsFor(options.jobs, serversMax * memoryOfServer, only === undefined ? serversMax : 1);

  const { servers, why, zookeeper, java } = await chooseBackend({
    ...options,
    zookeeper: first,
    versionsFor: (release) => [release, ...later],
    say,
  });
  const { backend } = servers;
  const releases: [string, ...string[]] = [zookeeper, ...later];
  const directory = await makeRunDirectory(options.out, nightly, seed, say);
  const coveragePath = resolve(options.coverage ?? join(dirname(directory), 'coverage.json'));
  const before = readCoverage(coveragePath);
  const until = only === undefined ? `for ${options.for ?? defaultFor}` : `scenario ${only} alone`;
  say(
    `${nightly} · seed ${seed} · ZooKeeper ${releases.join(', ')} · ${until} · backend ${backend} (${why})`,
  );

  let tonight: Coverage = [];
  const drawn =
    only === undefined
      ? inTime(part(scenariosOf(seed, releases, before.cells), shard), forMs, limit)
      : once(drawScenario(only, releases));
  const more: ScenarioSource = {
    next: drawn.next,
    ended(folder, seconds) {
      drawn.ended(seconds);
      tonight = added(tonight, scenarioCoverage(folder));
      store(join(directory, nightFile), { before, tonight });
    },
  };
  const command = commandLine(words, options, seed, backend);
  const { for: _for, scenarios: _scenarios, shard: _shard, filter: _filter, ...others } = options;
  const aloneCommand = commandLine(words, others, seed, backend);
  const scenarios: Scenario[] = [];
  const request = { suite: nightly, scenarios, claims: [], seed, servers, releases, directory, jobs, java };
  await conduct(
    { ...request, jvmFlags, command, more, ...(shard && { shard }) },
    options,
    async (): Promise<Addendum> => ({
      lines: [
        ...alone(directory, aloneCommand),
        // Parts of a night are added when they are merged.
        ...(shard || only !== undefined
          ? []
          : keepCoverage(coveragePath, openRun(directory).meta.startedAt, tonight)),
      ],
      data: { coverage: coveragePath },
    }),
  );
}

interface Drawing {
  next(): Scenario | undefined;
  ended(seconds: number): void;
}

/** Scenarios until one as long as the longest so far would not end in time. The first is always run. */
function inTime(scenarios: Iterator<ScenarioInput>, forMs: number, limit: number): Drawing {
  const begunMs = performance.now();
  let longest = firstGuess;
  let count = 0;
  return {
    next() {
      const wouldEndMs = performance.now() - begunMs + longest * 1000;
      if (count >= limit || (count > 0 && wouldEndMs > forMs)) return undefined;
      count++;
      return checked(scenarios.next().value as ScenarioInput);
    },
    ended(seconds) {
      longest = Math.max(count <= 1 ? 0 : longest, seconds);
    },
  };
}

function once(scenario: ScenarioInput): Drawing {
  const left = [scenario];
  return { next: () => left.splice(0, 1).map(checked)[0], ended: () => undefined };
}

function* part(scenarios: Iterable<{ scenario: ScenarioInput }>, shard: Shard | undefined) {
  let index = 0;
  for (const { scenario } of scenarios) if (falls(index++, shard)) yield scenario;
}

const checked = (scenario: ScenarioInput): Scenario =>
  defineSuite({ name: nightly, scenarios: [scenario] }, nightly).scenarios[0]!;

/** How to run each scenario again that did not pass. */
function alone(directory: string, command: string): string[] {
  const wrong = openRun(directory)
    .verdict()
    .scenarios.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported');
  if (wrong.length === 0) return [];
  const lines = wrong.map(({ scenario }) => `  npx ${command} --filter ${scenario.split(':')[0]}`);
  return ['', 'each of those that did not pass, alone:', ...lines];
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw usage(`--scenarios ${text}`, 'not a number of scenarios', 'give a whole number from 1');
}

function onlyOf(filter: string | undefined): number | undefined {
  if (filter === undefined) return undefined;
  if (/^\d+$/.test(filter)) return seedOf(filter);
  throw usage(
    `--filter "${filter}"`,
    `scenarios of ${nightly} are drawn`,
    'give the number before the name of one',
  );
}

/** What only nights know, of a run that is none. */
export function checkNoNight(options: RunOptions): void {
  const word = (['for', 'scenarios', 'coverage'] as const).find((each) => options[each] !== undefined);
  if (word !== undefined)
    throw usage(`--${word}`, `only \`run ${nightly}\` knows it`, 'leave it out, or run the nightly suite');
}
