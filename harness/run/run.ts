import { mkdirSync, rmSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { writeReports } from '../../reports/write.ts';
import type { ServerSource } from '../backend/server-source.ts';
import { takeOrigin } from '../base/clock.ts';
import { never } from '../base/never.ts';
import { randomFrom } from '../base/random.ts';
import { type JvmFlags, withJvmFlags } from '../distribution/jvm-flags.ts';
import { drawPlan } from '../plan/draw-plan.ts';
import { exitCodes, type RunVerdict, type ScenarioVerdict, worst } from '../rule/verdict.ts';
import type { Claim } from '../scenario/claim.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { resolveTopology } from '../topology/resolve.ts';
import type { Topology } from '../topology/topology.ts';
import type { StoredClaim } from './claim-table.ts';
import type { ScenarioEvent } from './events.ts';
import { gauntletVersion } from './gauntlet-version.ts';
import { judgeOrInvalid } from './judge.ts';
import type { RunMeta, Shard } from './run-directory.ts';
import { interrupted, runScenario } from './scenario-child.ts';
import { type ScenarioFile, store } from './stored.ts';
import { slugOf, type Turn, turnsOf } from './turns.ts';

export interface RunRequest {
  suite: string;
  scenarios: readonly Scenario[];
  seed: number;
  servers: ServerSource;
  /** Releases of servers that name none: every scenario is run on each. */
  releases: readonly [string, ...string[]];
  /** Release of brokers that name none. */
  kafka?: string;
  directory: string;
  /** Scenarios at the same time. */
  jobs: number;
  /** The build of the servers' Java, where it is this machine's. */
  java: string | null;
  jvmFlags: JvmFlags;
  /** Claims that the scenarios carry as tags, in the order of their table. */
  claims: readonly Claim[];
  /** What cannot be put to the test on these servers; told beside every verdict. */
  untested?: readonly string[];
  /** The command line that starts the same run again. */
  command: string;
  /** Which part of a whole it is, where it is not all. */
  shard?: Shard;
  /** What is run when the scenarios are through. */
  more?: ScenarioSource;
  signal: AbortSignal;
  onEvent: (event: RunEvent) => void;
}

/** Scenarios that are decided while the run goes on. */
export interface ScenarioSource {
  /** The next one, asked for when it could begin at once; undefined ends the run. */
  next(): Scenario | undefined;
  /** One of them was judged; all it left is in its folder. */
  ended(folder: string, seconds: number): void;
}

export type RunEvent =
  | { at: 'begin'; slug: string; name: string }
  | { at: 'scenario'; slug: string; event: ScenarioEvent }
  | { at: 'judging'; slug: string }
  | { at: 'end'; slug: string; verdict: ScenarioVerdict; seconds: number };

/** A run from its first file to its reports. The directory exists and is empty; it is complete when this resolves. */
export async function run(request: RunRequest): Promise<RunVerdict> {
  const { directory } = request;
  const origin = takeOrigin();
  const turns = turnsOf(request.scenarios, request.releases, (scenario, zookeeper) =>
    topologyOf(request, scenario, zookeeper),
  );
  const meta = (): RunMeta => ({
    suite: request.suite,
    seed: request.seed,
    backend: request.servers.backend,
    zookeeper: releasesOf(request.servers),
    kafka: kafkasOf(turns),
    origin,
    startedAt: new Date(origin.wallMs).toISOString(),
    endedAt: null,
    gauntlet: gauntletVersion,
    node: process.version,
    java: request.java,
    host: { os: `${platform()} ${release()}`, cores: cpus().length, memoryBytes: totalmem() },
    command: request.command,
    ...(request.shard && { shard: request.shard }),
    scenarios: turns.map(({ name, slug, release }) => ({ name, slug, release })),
    ...(request.claims.length > 0 && { claims: request.claims.map((claim) => storedClaim(claim, turns)) }),
  });
  const storeMeta = (end = {}) => store(join(directory, 'run.json'), { ...meta(), ...end });
  storeMeta();

  const waiting = [...turns];
  const drawn = (): Turn | undefined => {
    const scenario = request.signal.aborted ? undefined : request.more?.next();
    if (!scenario) return undefined;
    const turn = laterTurn(request, scenario, turns.length);
    turns.push(turn);
    storeMeta();
    return turn;
  };
  const verdicts = new Map<Turn, ScenarioVerdict>();
  await Promise.all(
    Array.from({ length: request.jobs }, async () => {
      for (let turn = waiting.shift() ?? drawn(); turn; turn = waiting.shift() ?? drawn()) {
        verdicts.set(turn, await one(request, turn));
      }
    }),
  );

  const verdict = verdictOf(turns.map((turn) => verdicts.get(turn)!));
  store(join(directory, 'verdict.json'), verdict);
  storeMeta({ endedAt: new Date().toISOString() });
  await writeReports(directory);
  return verdict;
}

/** Nobody knows how many more there will be. */
const laterTurnsMax = 9999;

function laterTurn(request: RunRequest, scenario: Scenario, index: number): Turn {
  const topologyFor = (each: Scenario, zookeeper: string) => topologyOf(request, each, zookeeper);
  const [turn] = turnsOf([scenario], [request.releases[0]], topologyFor);
  return { ...turn!, slug: slugOf(turn!.name, '', index, laterTurnsMax) };
}

function storedClaim({ id, title, claim, law }: Claim, turns: readonly Turn[]): StoredClaim {
  const scenarios = turns.filter(({ scenario }) => scenario.tags.includes(id)).map(({ slug }) => slug);
  return { id, title, claim, law, scenarios };
}

async function one(request: RunRequest, turn: Turn): Promise<ScenarioVerdict> {
  const started = performance.now();
  const { scenario, name, slug, topology } = turn;
  const directory = join(request.directory, slug);
  mkdirSync(directory);
  const { servers } = request;
  const file: ScenarioFile = {
    ...scenario,
    name,
    topology,
    origin: takeOrigin(),
    backend: servers.backend,
    root: rootOf(servers, slug),
    ...(request.untested && { untested: request.untested }),
  };
  store(join(directory, 'scenario.json'), file);
  // The same draws on every release.
  store(join(directory, 'plan.json'), drawPlan(scenario, randomFrom(request.seed)));
  request.onEvent({ at: 'begin', slug, name });

  const order = { directory, runId: basename(request.directory), servers };
  const end = request.signal.aborted
    ? { failure: interrupted }
    : await runScenario(
        servers.backend,
        order,
        (event) => request.onEvent({ at: 'scenario', slug, event }),
        request.signal,
      );

  request.onEvent({ at: 'judging', slug });
  const { verdict, ledger } = judgeOrInvalid(directory, name, end.failure);
  if (ledger) store(join(directory, 'ledger.json'), ledger);
  store(join(directory, 'verdict.json'), verdict);
  if (verdict.verdict === 'pass') rmSync(join(directory, 'evidence'), { recursive: true, force: true });
  const seconds = (performance.now() - started) / 1000;
  request.onEvent({ at: 'end', slug, verdict, seconds });
  request.more?.ended(directory, seconds);
  return verdict;
}

/** Servers of somebody else are what they are, whatever the scenario asks for. */
function topologyOf(
  { servers, jvmFlags, kafka }: RunRequest,
  scenario: Scenario,
  zookeeper: string,
): Topology {
  if (servers.backend === 'external') return servers.topology;
  return withJvmFlags(resolveTopology(scenario.topology, zookeeper, kafka), jvmFlags);
}

/** Where the clients of a scenario stay: in servers of our own that is a node with a fixed name, for all else is empty. */
function rootOf(servers: ServerSource, slug: string): string {
  return servers.backend === 'external' ? `${servers.runNode}/${slug}` : '/gauntlet';
}

/** Releases of the brokers; null where there are none. */
function kafkasOf(turns: readonly Turn[]): string[] | null {
  const versions = turns.flatMap(({ topology }) => topology.kafka?.version ?? []);
  return versions.length > 0 ? [...new Set(versions)] : null;
}

function releasesOf(servers: ServerSource): string[] {
  switch (servers.backend) {
    case 'docker':
      return Object.keys(servers.images);
    case 'sandbox':
      return Object.keys(servers.software);
    case 'external':
      return [...new Set(servers.topology.nodes.map(({ version }) => version))];
    default:
      return never(servers);
  }
}

export function verdictOf(scenarios: ScenarioVerdict[]): RunVerdict {
  const verdict = worst(scenarios.map((scenario) => scenario.verdict));
  // What this machine cannot do does not spoil a run in which something else passed; it stays visible.
  const passed = verdict === 'unsupported' && scenarios.some((scenario) => scenario.verdict === 'pass');
  return { verdict, exitCode: passed ? 0 : exitCodes[verdict], scenarios };
}
