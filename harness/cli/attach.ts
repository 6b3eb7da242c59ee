import { basename } from 'node:path';
import { claimsOf } from '../../suites/conformance/claims.ts';
import { runNodeOf } from '../backend/external/run-node.ts';
import { survey } from '../backend/external/survey.ts';
import { type Swept, sweepRuns } from '../backend/external/sweep.ts';
import { usage } from '../base/trouble.ts';
import { addressOf, parseConnectString } from '../client/connect-string.ts';
import { parseJvmFlags } from '../distribution/jvm-flags.ts';
import { releaseOf } from '../topology/resolve.ts';
import { nodeName } from '../topology/topology.ts';
import { attached, ownScenario, parseAuth, parseCommands, parseFor } from './attach-options.ts';
import { conduct, sayer } from './conduct.ts';
import { seedOf, suitesOf } from './run.ts';
import { makeRunDirectory } from './run-folder.ts';

interface AttachOptions {
  servers: string;
  auth?: string;
  workload?: string;
  for?: string;
  fault: string[];
  heal: string[];
  bites: string[];
  target?: string;
  seed?: string;
  out?: string;
  clean?: boolean;
  json?: boolean;
}

/** `gauntlet attach`: a workload and the rules against servers that somebody else runs, below one node of their tree. */
export async function attachCommand(words: string[], options: AttachOptions): Promise<void> {
  const say = sayer(options);
  const wanted = parseConnectString(options.servers, '--servers');
  const auth = options.auth === undefined ? undefined : parseAuth(options.auth);
  const seed = seedOf(options.seed);
  const { suite, scenarios } = await chosen(words, options);

  const { untested, ...ensemble } = await survey(wanted, auth);
  const { topology, endpoints } = ensemble;
  const reached = { endpoints, ...(auth && { auth }) };
  const swept = await sweepRuns(reached, wanted.chroot);
  if (options.clean) {
    process.stdout.write(options.json ? `${JSON.stringify({ swept })}\n` : `${sweptLines(swept)}\n`);
    return;
  }
  for (const { path } of swept.filter(({ fate }) => fate === 'removed')) say(`${path} ${fates.removed}`);
  say(`attached to ${endpoints.map((each) => `${nodeName(each.sid)} ${addressOf(each)}`).join(', ')}`);

  const directory = await makeRunDirectory(options.out, suite, seed, say);
  const runNode = runNodeOf(wanted.chroot, basename(directory));
  say(`suite ${suite} · seed ${seed} · ${scenarios.length} scenarios · all below ${runNode}`);
  await conduct(
    {
      suite,
      scenarios,
      claims: claimsOf(scenarios),
      seed,
      servers: { backend: 'external', ...ensemble, ...reached, runNode },
      releases: [releaseOf(topology)],
      directory,
      // They share one ensemble.
      jobs: 1,
      java: null,
      jvmFlags: parseJvmFlags([]),
      untested,
      command: commandLine(words, options, seed),
    },
    options,
  );
}

async function chosen(words: string[], options: AttachOptions) {
  const commands = parseCommands(options);
  if (words.length === 0) {
    const { workload = 'mixed', target = 'leader' } = options;
    const own = ownScenario(workload, parseFor(options.for), commands, target);
    return { suite: 'attach', scenarios: [attached(own, commands)] };
  }
  for (const option of ['workload', 'for', 'target'] as const) {
    if (options[option] === undefined) continue;
    throw usage(`--${option} with ${words[0]}`, 'the scenarios decide that', 'leave one of them out');
  }
  const suites = await suitesOf(words);
  const scenarios = suites.flatMap((suite) => suite.scenarios).map((each) => attached(each, commands));
  return { suite: suites.map(({ name }) => name).join('+'), scenarios };
}

const fates: Record<Swept['fate'], string> = {
  removed: 'removed: the run that made it is dead',
  alive: 'left alone: the run that made it lives, or ended a moment ago',
  'not ours': 'left alone: no run made it',
};

function sweptLines(swept: readonly Swept[]): string {
  if (swept.length === 0) return 'nothing left behind';
  return swept.map(({ path, fate }) => `${path} ${fates[fate]}`).join('\n');
}

/** Credentials are left out: a run directory may be attached to an issue. */
function commandLine(words: readonly string[], options: AttachOptions, seed: number): string {
  const parts = ['gauntlet attach', ...words.map(quoted), '--servers', quoted(options.servers)];
  if (options.auth !== undefined) parts.push('--auth', `${parseAuth(options.auth).scheme}:…`);
  for (const option of ['workload', 'for', 'target'] as const) {
    if (options[option] !== undefined) parts.push(`--${option}`, quoted(options[option]));
  }
  for (const option of ['fault', 'heal', 'bites'] as const) {
    for (const text of options[option]) parts.push(`--${option}`, quoted(text));
  }
  return [...parts, '--seed', seed].join(' ');
}

const quoted = (text: string) => (/^[\w.:=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
