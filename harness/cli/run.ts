import { availableParallelism, totalmem } from 'node:os';
import { basename } from 'node:path';
import { claimsOf } from '../../suites/conformance/claims.ts';
import { suiteNamed } from '../../suites/index.ts';
import type { BackendName } from '../backend/backend.ts';
import { usage } from '../base/trouble.ts';
import { parseJvmFlags } from '../distribution/jvm-flags.ts';
import { checkKafka } from '../distribution/kafka.ts';
import { laterReleases } from '../plan/later-releases.ts';
import type { RunRequest } from '../run/run.ts';
import type { Shard } from '../run/run-directory.ts';
import { isScenarioFile, loadSuite } from '../scenario/load.ts';
import type { Scenario, Suite } from '../scenario/scenario.ts';
import { newestKafka } from '../topology/brokers.ts';
import { resolveTopology } from '../topology/resolve.ts';
import { checkVersion } from '../topology/version.ts';
import { chooseBackend } from './choose-backend.ts';
import { conduct, sayer } from './conduct.ts';
import { checkNoNight, nightly, nightlyCommand } from './nightly.ts';
import { makeRunDirectory } from './run-folder.ts';

export interface RunOptions {
  backend: 'auto' | 'docker' | 'sandbox';
  zookeeper: string[];
  kafka?: string;
  zookeeperHome?: string;
  image?: string;
  kafkaImage?: string;
  seed?: string;
  filter?: string;
  out?: string;
  jobs?: string;
  shard?: string;
  jvmFlags: string[];
  json?: boolean;
  /** Only of nights. */
  for?: string;
  scenarios?: string;
  coverage?: string;
}

export async function runCommand(words: string[], options: RunOptions): Promise<void> {
  if (words.includes(nightly)) return nightlyCommand(words, options);
  checkNoNight(options);
  const say = sayer(options);
  const suites = await suitesOf(words);
  const seed = seedOf(options.seed);
  const shard = shardOf(options.shard);
  const scenarios = chosen(suites, options, shard);
  const claims = claimsOf(scenarios);
  const suite = suites.map(({ name }) => name).join('+');
  const [first, ...others] = releasesAsked(options);
  const kafka = checkKafka(options.kafka ?? newestKafka);
  const jvmFlags = parseJvmFlags(options.jvmFlags);
  const jobs = jobsOf(options.jobs, scenarios, 1 + others.length);

  const { servers, why, zookeeper, java } = await chooseBackend({
    ...options,
    zookeeper: first,
    versionsFor: (zookeeper) => versionsIn(scenarios, [zookeeper, ...others]),
    kafkas: kafkasIn(scenarios, kafka),
    say,
  });
  const { backend } = servers;
  const releases: RunRequest['releases'] = [zookeeper, ...others];
  const on = others.length > 0 ? ` · ZooKeeper ${releases.join(', ')}` : '';
  say(`suite ${suite} · seed ${seed} · ${scenarios.length} scenarios${on} · backend ${backend} (${why})`);
  const directory = await makeRunDirectory(options.out, suite, seed, say);

  const command = commandLine(words, options, seed, backend);
  await conduct(
    {
      ...{
        suite,
        scenarios,
        claims,
        seed,
        servers,
        releases,
        kafka,
        directory,
        jobs,
        java,
        jvmFlags,
        command,
      },
      ...(shard && { shard }),
    },
    options,
  );
}

/** Suites by name, and files of the user's own. */
export function suitesOf(words: readonly string[]): Promise<Suite[]> {
  return Promise.all(words.map((word) => (isScenarioFile(word) ? loadSuite(word) : suiteNamed(word))));
}

const newest = '3.9.5';

/** The releases of `--zookeeper`; several only where we choose the software. */
export function releasesAsked({ zookeeper, zookeeperHome, image }: RunOptions): [string, ...string[]] {
  const releases = zookeeper.map((version) => checkVersion(version, '--zookeeper'));
  const [first = newest, ...others] = releases;
  const twice = releases.find((version, i) => releases.indexOf(version) !== i);
  if (twice !== undefined) throw usage(`--zookeeper ${twice}`, 'given twice', 'give each release once');
  const only =
    zookeeperHome === undefined ? image && `--image ${image}` : `--zookeeper-home ${zookeeperHome}`;
  if (others.length > 0 && only !== undefined)
    throw usage(only, 'it holds one release', `leave it out, or give at most one --zookeeper`);
  return [first, ...others];
}

const maxSeed = 0x7fffffff;

/** The seed that was asked for, or one that is drawn. */
export function seedOf(text: string | undefined): number {
  if (text === undefined) return Math.trunc(Math.random() * maxSeed);
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= maxSeed) return seed;
  throw usage(`--seed ${text}`, 'not a seed', `give a whole number from 0 to ${maxSeed}`);
}

function chosen(
  suites: readonly Suite[],
  { filter, shard: word }: RunOptions,
  shard: Shard | undefined,
): Scenario[] {
  const all = suites.flatMap(({ scenarios }) => scenarios);
  const wanted = (filter ?? '').toLowerCase();
  const fitting = all.filter(({ name, tags }) =>
    [name, ...tags].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (fitting.length === 0) {
    throw usage(
      `--filter "${filter}"`,
      'no scenario has it in its name or tags',
      'see `gauntlet list scenarios`',
    );
  }
  const share = fitting.filter((_, i) => falls(i, shard));
  if (share.length === 0)
    throw usage(`--shard ${word}`, 'no scenario falls to it', `there are ${fitting.length}`);
  return share;
}

export function shardOf(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && count !== undefined && index <= count) return { index, count };
  throw usage(`--shard ${text}`, 'not a part of a whole', 'write it as 1/4');
}

/** Whether the scenario of this index, from 0, is of this part. */
export const falls = (index: number, shard: Shard | undefined) =>
  shard === undefined || index % shard.count === shard.index - 1;

/** A server takes about 90 MiB and, starting, most of a core; clients and judge take the rest. */
export const memoryOfServer = 200 * 2 ** 20;
const memoryOfBroker = 400 * 2 ** 20;

function jobsOf(text: string | undefined, scenarios: readonly Scenario[], releases: number): number {
  const largest = Math.max(
    ...scenarios.map(
      ({ topology: { voters, observers, kafka } }) =>
        (voters + observers) * memoryOfServer + (kafka?.brokers ?? 0) * memoryOfBroker,
    ),
  );
  return jobsFor(text, largest, scenarios.length * releases);
}

/** Scenarios at the same time: as asked, or as cores and memory carry, when the largest takes so many bytes. */
export function jobsFor(text: string | undefined, largest: number, most: number): number {
  if (text !== undefined) {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw usage(`--jobs ${text}`, 'not a number of scenarios', 'give a whole number from 1');
  }
  const byMemory = Math.floor(totalmem() / 2 / largest);
  return Math.max(1, Math.min(availableParallelism(), byMemory, most));
}

/** Every release that servers of these scenarios run, or are upgraded to, given those of servers that name none. */
export function versionsIn(scenarios: readonly Scenario[], releases: readonly string[]): string[] {
  const versions = releases.flatMap((zookeeper) =>
    scenarios.flatMap(({ topology }) =>
      resolveTopology(topology, zookeeper).nodes.map(({ version }) => version),
    ),
  );
  const later = scenarios.flatMap(({ formation = [], steps }) => laterReleases([...formation, ...steps]));
  return [...new Set([...versions, ...later])];
}

/** Every release that brokers of these scenarios run, given that of brokers that name none. */
export function kafkasIn(scenarios: readonly Scenario[], kafka: string): string[] {
  return [
    ...new Set(
      scenarios.flatMap(({ topology }) => (topology.kafka ? (topology.kafka.version ?? kafka) : [])),
    ),
  ];
}

export function commandLine(
  words: string[],
  options: RunOptions,
  seed: number,
  backend: BackendName,
): string {
  const releases = releasesAsked(options).flatMap((version) => ['--zookeeper', version]);
  const parts = ['gauntlet run', ...words, '--backend', backend, ...releases, '--seed', seed];
  if (options.kafka) parts.push('--kafka', options.kafka);
  if (options.zookeeperHome) parts.push('--zookeeper-home', basename(options.zookeeperHome));
  if (options.image) parts.push('--image', options.image);
  if (options.kafkaImage) parts.push('--kafka-image', options.kafkaImage);
  if (options.filter) parts.push('--filter', JSON.stringify(options.filter));
  if (options.shard) parts.push('--shard', options.shard);
  if (options.for) parts.push('--for', options.for);
  if (options.scenarios) parts.push('--scenarios', options.scenarios);
  for (const flags of options.jvmFlags) parts.push('--jvm-flags', JSON.stringify(flags));
  return parts.join(' ');
}
