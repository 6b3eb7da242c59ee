import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { porcupineTestData } from '../../test/lin/porcupine-data.ts';
import { type Simulation, simulateRegister } from '../../test/lin/simulated.ts';
import type { FileFormat, Measured } from './contender.ts';
import { writeEdn } from './write-edn.ts';

/**
 * The value-only engine against Porcupine 1.3.1, on the same files in the same run, each row in processes of its own that take
 * turns. `check` is the median pass of processes that are warm, `from file` reading and the first pass; memory is the
 * peak of the process. Porcupine is not run where its bit sets alone (calls^2 / 8 bytes) would not fit its memory.
 *
 *     npm run bench -- lin [--rounds 3] [--timeout 20] [--only TEXT]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** Seconds for one history. */
    timeout: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
  },
});

interface Row {
  name: string;
  format: FileFormat;
  files(): string[];
  /** Passes over the files in one process; ours are short, and its code takes longer to warm up. */
  passes: { ours: number; porcupine: number };
  targets: Target[];
  withoutPorcupine?: string;
}

/** What must be reached: how many times Porcupine's check takes as long, ms, or bytes a call above an idle process. */
type Target = { timesFaster: number } | { checkMsMax: number } | { bytesPerCallMax: number };

/** Address space Porcupine may take; beyond it would be the machine's end. */
const porcupineKib = 12 * 1024 * 1024;

/** Below it a process's own memory hides that of the calls. */
const smallCalls = 10_000;

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bench-lin-'));
const binary = join(folder, 'porcupine');
const data = porcupineTestData();

const logs = () =>
  readdirSync(join(data.path, 'jepsen'))
    .filter((name) => /^etcd_\d+\.log$/.test(name) && name !== 'etcd_095.log')
    .map((name) => join(data.path, 'jepsen', name));

const generated = (name: string, simulation: Omit<Simulation, 'seed'>) => () => {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.edn`);
  writeEdn(path, simulateRegister({ seed: 1, ...simulation }));
  return [path];
};

const unique = (clients: number, calls: number) => ({ clients, opsPerClient: calls / clients, values: 0 });
const rows: Row[] = [
  {
    name: '102 etcd logs',
    format: 'log',
    files: logs,
    passes: { ours: 200, porcupine: 15 },
    targets: [{ timesFaster: 50 }],
  },
  ...['c10-ok', 'c10-bad', 'c50-ok', 'c50-bad'].map(
    (name): Row => ({
      name: `kv ${name}`,
      format: 'kv',
      files: () => [join(data.path, 'kv', `${name}.txt`)],
      passes: { ours: 100, porcupine: 20 },
      targets: name.startsWith('c50') ? [{ timesFaster: 2 }] : [],
    }),
  ),
  register('10 clients, 16,000 calls, unique values', unique(10, 16_000), 2, [{ timesFaster: 50 }]),
  register('20 clients, 1,000 calls, unique values', unique(20, 1_000), 1, [{ timesFaster: 50 }]),
  register('10 clients, 64,000 calls, unique values', unique(10, 64_000), 1, [{ timesFaster: 50 }]),
  register('10 clients, 16,000 calls, 5 values', { clients: 10, opsPerClient: 1_600, values: 5 }, 3, [
    { timesFaster: 10 },
  ]),
  {
    ...register('20 clients, 1,000,000 calls, unique values', unique(20, 1_000_000), 1, [
      { checkMsMax: 3000 },
      { bytesPerCallMax: 100 },
    ]),
    passes: { ours: 1, porcupine: 1 },
    withoutPorcupine: 'its bit sets alone would take 125 GB',
  },
];

function register(
  name: string,
  simulation: Omit<Simulation, 'seed'>,
  passes: number,
  targets: Target[],
): Row {
  const files = generated(name, simulation);
  return { name, format: 'edn', files, passes: { ours: passes * 5, porcupine: passes }, targets };
}

try {
  if (!data.ok) throw new Error(`no module of Porcupine: ${data.reason}`);
  run('go', ['build', '-o', binary, '.'], join(here, 'porcupine'));
  for (const row of rows.filter(({ name }) => name.includes(values.only))) report(row);
} finally {
  rmSync(folder, { recursive: true });
  data.dispose();
}

interface Side {
  name: string;
  rounds: Measured[];
}

function report(row: Row): void {
  const files = row.files();
  const ours: Side = { name: 'ours', rounds: [] };
  const porcupine: Side = { name: 'porcupine', rounds: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    ours.rounds.push(measure(process.execPath, ['--import', 'tsx', join(here, 'ours.ts')], row, files));
    // Once is enough for what takes seconds.
    if (row.withoutPorcupine === undefined && (round === 0 || checkMs(porcupine) < 5000)) {
      const measured = measurePorcupine(row, files);
      if (measured !== undefined) porcupine.rounds.push(measured);
    }
  }
  console.log(`\n${row.name}: ${ours.rounds[0]!.calls.toLocaleString('en')} calls`);
  console.log('               check, ms    from file, ms    peak, MB    B/call    verdicts');
  for (const side of [ours, porcupine]) if (side.rounds.length > 0) console.log(lineOf(side));
  if (porcupine.rounds.length === 0)
    console.log(`  porcupine    ${row.withoutPorcupine ?? 'out of memory (12 GB)'}`);
  const disagree = disagreements(ours, porcupine);
  if (disagree.length > 0) {
    console.log(`  MISSED  the verdicts differ: ${disagree.join(', ')}`);
    process.exitCode = 4;
  }
  for (const target of row.targets) judge(target, ours, porcupine);
}

function lineOf({ name, rounds }: Side): string {
  const side = { name, rounds };
  const counts = new Map<string, number>();
  for (const verdict of rounds[0]!.verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [
    `  ${name.padEnd(10)}`,
    checkMs(side).toFixed(2).padStart(12),
    median(rounds.map(({ readMs, passesMs }) => readMs + passesMs[0]!))
      .toFixed(0)
      .padStart(17),
    (Math.max(...rounds.map(({ peakBytes }) => peakBytes)) / 2 ** 20).toFixed(0).padStart(12),
    (rounds[0]!.calls < smallCalls ? '-' : bytesPerCall(side).toFixed(0)).padStart(10),
    `    ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`,
  ].join('');
}

/** Of each process the median of its passes without the first half, where the code warms up. */
function checkMs({ rounds }: Side): number {
  return median(rounds.map(({ passesMs }) => median(passesMs.slice(passesMs.length >> 1))));
}

function bytesPerCall({ rounds }: Side): number {
  return median(rounds.map(({ peakBytes, idleBytes, calls }) => (peakBytes - idleBytes) / calls));
}

/** Histories on which one says ok and the other violation. */
function disagreements(ours: Side, theirs: Side): number[] {
  const [a, b] = [ours.rounds[0]?.verdicts ?? [], theirs.rounds[0]?.verdicts ?? []];
  return a.flatMap((verdict, index) => {
    const other = b[index];
    return other === undefined || verdict === other || [verdict, other].includes('unknown') ? [] : [index];
  });
}

function judge(target: Target, ours: Side, porcupine: Side): void {
  if ('timesFaster' in target) {
    if (porcupine.rounds.length === 0) {
      console.log(`  not measured  check >= ${target.timesFaster} x faster than porcupine, which gave up`);
      return;
    }
    const times = checkMs(porcupine) / checkMs(ours);
    const gaveUp = porcupine.rounds[0]!.verdicts.includes('unknown');
    tell(
      times >= target.timesFaster,
      `${gaveUp ? '> ' : ''}${times.toFixed(1)}`,
      `check >= ${target.timesFaster} x faster`,
    );
  } else if ('checkMsMax' in target) {
    tell(
      checkMs(ours) <= target.checkMsMax,
      `${checkMs(ours).toFixed(0)} ms`,
      `check <= ${target.checkMsMax} ms`,
    );
  } else {
    const bytes = bytesPerCall(ours);
    tell(
      bytes <= target.bytesPerCallMax,
      bytes.toFixed(0),
      `<= ${target.bytesPerCallMax} bytes a call from file to verdict`,
    );
  }
}

function tell(kept: boolean, reached: string, what: string): void {
  console.log(`  ${kept ? 'kept' : 'MISSED'} (${reached})  ${what}`);
  if (!kept) process.exitCode = 4;
}

function measure(command: string, args: string[], row: Row, files: string[]): Measured {
  const text = run(command, [...args, row.format, String(row.passes.ours), values.timeout, ...files]);
  return JSON.parse(text) as Measured;
}

/** Undefined where its memory did not suffice. */
function measurePorcupine(row: Row, files: string[]): Measured | undefined {
  const args = [row.format, String(row.passes.porcupine), values.timeout, ...files];
  const limited = ['-c', `ulimit -v ${porcupineKib}; exec "$0" "$@"`, binary, ...args];
  const { status, stdout, stderr } = spawnSync('sh', limited, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status === 0) return JSON.parse(stdout) as Measured;
  if (/out of memory|cannot allocate/.test(stderr)) return undefined;
  throw new Error(`porcupine ended with ${status}: ${stderr.slice(0, 500)}`);
}

function run(command: string, args: string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    ...(cwd && { cwd }),
  });
  if (status !== 0)
    throw new Error(`${command} ended with ${status}: ${error?.message ?? stderr.slice(0, 500)}`);
  return stdout;
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
