import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { BackendName } from '../backend/backend.ts';
import type { Origin } from '../base/clock.ts';
import { messageOf, Trouble } from '../base/trouble.ts';
import type { ClientNote } from '../client/foreign/note.ts';
import type { StoredTransactions } from '../datadir/stored-transactions.ts';
import { readTransactions } from '../datadir/transactions-file.ts';
import type { History } from '../history/history.ts';
import { readHistory } from '../history/reader.ts';
import type { RecordRow } from '../history/records.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunVerdict, ScenarioVerdict } from '../rule/verdict.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RoleSample } from '../topology/roles.ts';
import type { Topology } from '../topology/topology.ts';
import type { StoredClaim } from './claim-table.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { ScenarioOutcome } from './outcome.ts';

/** The index-th of count parts of a whole, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** What a run was: stored as run.json at the top of its directory. */
export interface RunMeta {
  suite: string;
  seed: number;
  backend: BackendName;
  /** Releases that took part. */
  zookeeper: string[];
  kafka: string[] | null;
  origin: Origin;
  startedAt: string;
  /** Null while the run goes on, and for ever when it was killed. */
  endedAt: string | null;
  /** Version of this harness. */
  gauntlet: string;
  node: string;
  java: string | null;
  host: { os: string; cores: number; memoryBytes: number };
  /** The command line that starts the same run. */
  command: string;
  /** Absent when it is a whole. */
  shard?: Shard;
  /** `release` as in a `Turn`; runs of earlier harnesses do not tell it. */
  scenarios: { name: string; slug: string; release?: string }[];
  /** The claims that these scenarios put to the test; absent when they carry none. */
  claims?: StoredClaim[];
}

/** In a scenario's folder; docs/run-directory.md tells what is in it. */
export const transactionsFile = 'transactions.ndjson.gz';

/** What client libraries under test did beside their operations; absent where the harness's own client was at work. */
export const clientsFile = 'clients.ndjson';

/** What clients of brokers saw; absent where there were none. */
export const recordsFile = 'records.ndjson';

/** A scenario as it is stored: its topology resolved, and what the run decided for it. */
export type StoredScenario = Omit<Scenario, 'topology'> & {
  topology: Topology;
  /** All its times count from here. */
  origin: Origin;
  /** Path of the node its clients stay under; rules ignore the rest of the servers' tree. */
  root: string;
  /** What cannot be put to the test where it runs, a half-sentence each. */
  untested?: readonly string[];
};

/** One file of a run directory: its path inside it, with forward slashes, and its size. */
export interface StoredFile {
  path: string;
  bytes: number;
}

/**
 * One scenario of a stored run. Every reader reads its file when called and throws a Trouble that names the file
 * when it is missing or unreadable; a scenario that never got far has only some of them.
 */
export interface ScenarioRecord {
  readonly name: string;
  readonly slug: string;
  /** As in a `Turn`; empty where nobody wrote it down. */
  readonly release: string;
  readonly dir: string;
  scenario(): StoredScenario;
  plan(): Plan;
  journal(): JournalEntry[];
  roles(): RoleSample[];
  ledger(): Ledger;
  history(): History;
  /** Empty where no client library was put under test. */
  clients(): ClientNote[];
  /** What clients of brokers saw; empty where there were none. */
  records(): RecordRow[];
  /** What the servers' disks held at the end; somebody else's servers do not hand it over. */
  transactions(): StoredTransactions;
  outcome(): ScenarioOutcome;
  verdict(): ScenarioVerdict;
  /** A server's own output, across its restarts; empty where there is none. */
  log(node: string): string;
  /** Everything in the scenario's folder, logs and evidence included; empty when there is no folder. */
  files(): StoredFile[];
}

export interface RunRecord {
  readonly dir: string;
  readonly meta: RunMeta;
  verdict(): RunVerdict;
  readonly scenarios: readonly ScenarioRecord[];
}

/** Opens a run directory. Only run.json is read at once; a Trouble when there is none. */
export function openRun(dir: string): RunRecord {
  const meta = readJson<RunMeta>(join(dir, 'run.json'));
  return {
    dir,
    meta,
    verdict: () => readJson<RunVerdict>(join(dir, 'verdict.json')),
    scenarios: meta.scenarios.map(({ name, slug, release }) => scenarioIn(join(dir, slug), name, release)),
  };
}

/** One scenario's own folder; nothing is read yet. Without a name it is called as its folder is. */
export function scenarioIn(dir: string, name = basename(dir), release = ''): ScenarioRecord {
  const file = (part: string) => join(dir, part);
  return {
    name,
    slug: basename(dir),
    release,
    dir,
    scenario: () => readJson<StoredScenario>(file('scenario.json')),
    plan: () => readJson<Plan>(file('plan.json')),
    journal: () => readLines<JournalEntry>(file('journal.ndjson')),
    roles: () => readLines<RoleSample>(file('roles.ndjson')),
    ledger: () => readJson<Ledger>(file('ledger.json')),
    history: () => historyAt(file('history.arrows')),
    clients: () => (existsSync(file(clientsFile)) ? readLines<ClientNote>(file(clientsFile)) : []),
    records: () => (existsSync(file(recordsFile)) ? readLines<RecordRow>(file(recordsFile)) : []),
    transactions: () => readTransactions(file(transactionsFile)),
    outcome: () => readJson<ScenarioOutcome>(file('outcome.json')),
    verdict: () => readJson<ScenarioVerdict>(file('verdict.json')),
    log: (node) =>
      existsSync(file(join('logs', `${node}.log`))) ? readText(file(join('logs', `${node}.log`))) : '',
    files: () => (existsSync(dir) ? filesUnder(dir, dirname(dir)) : []),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'not recorded' : messageOf(cause);
    throw new Trouble(path, reason, 'give the directory of a run that got that far', { cause });
  }
}

function readJson<T>(path: string): T {
  return parsed<T>(readText(path), path);
}

function parsed<T>(text: string, thing: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Trouble(thing, `not JSON (${messageOf(cause)})`, 'the file was damaged; run again', { cause });
  }
}

/** One JSON value a line. A last line without its newline is what a killed writer leaves: it is dropped. */
function readLines<T>(path: string): T[] {
  const lines = readText(path).split('\n');
  lines.pop();
  return lines.flatMap((line, i) => (line === '' ? [] : [parsed<T>(line, `${path}:${i + 1}`)]));
}

function historyAt(path: string): History {
  if (!existsSync(path)) {
    throw new Trouble(path, 'not recorded', 'give the directory of a run that got that far');
  }
  try {
    return readHistory(path);
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    const remedy = 'the file was damaged or written by another version';
    throw new Trouble(path, `unreadable (${messageOf(cause)})`, remedy, { cause });
  }
}

function filesUnder(dir: string, top: string): StoredFile[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: relative(top, path).replaceAll('\\', '/'), bytes: statSync(path).size };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
