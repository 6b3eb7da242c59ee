import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HistoryWriter } from '../../harness/history/writer.ts';
import { generate } from './generate.ts';

/**
 * What the rules over header zxids cost: a history of made-up traffic without faults, judged from its file, in a process
 * of its own. Speeds are a core's, from the processor time of the best round: on a busy machine the wall clock says little.
 *
 *     npm run bench -- witness [--ops 1000000] [--large 10000000] [--rounds 5]
 */
const { values } = parseArgs({
  options: {
    ops: { type: 'string', default: '1000000' },
    /** Operations of the one history whose memory is measured; 0 leaves it out. */
    large: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '5' },
  },
});

/** What is promised of plain reads and writes; the rest of the traffic is printed beside it. */
const budget = { checkedPerSecond: 5e6, judgedPerSecond: 1e6, bytesPerOp: 100, largeMb: 2048 };

/** One line of once.ts. */
interface Judged {
  ops: number;
  readMs: number;
  tellMs: number;
  checkMs: number;
  maxRssMb: number;
  wrong: number;
  first?: string;
}

const once = fileURLToPath(new URL('./once.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'bench-witness-'));

console.log(
  '  history                  ops     read  resolve    check   ns of CPU an op   bytes/op   peak MB',
);
try {
  const plain = bench('registers', Number(values.ops), Number(values.rounds), true);
  bench('a bit of everything', Number(values.ops), Number(values.rounds), false);
  const large = Number(values.large) > 0 ? bench('registers', Number(values.large), 1, true) : undefined;
  keep('checked a second and core', plain.checkedPerSecond, '>=', budget.checkedPerSecond);
  keep('from file to verdict a second and core', plain.judgedPerSecond, '>=', budget.judgedPerSecond);
  keep('bytes an operation', plain.bytesPerOp, '<=', budget.bytesPerOp);
  if (large) keep(`MB for ${large.ops} operations`, large.peakMb, '<=', budget.largeMb);
} finally {
  rmSync(directory, { recursive: true });
}

function bench(name: string, ops: number, rounds: number, registersOnly: boolean) {
  const path = join(directory, 'history.arrows');
  const writer = HistoryWriter.open(path);
  generate({ ops, seed: 1, clients: 20, registers: 20, unknownPer10k: 10, registersOnly }, writer);
  writer.close();
  const bytes = statSync(path).size;
  const judged = judge(path, rounds);
  rmSync(path);

  const wrong = judged.find((round) => round.wrong > 0);
  if (wrong) throw new Error(`traffic without faults was found wrong: ${wrong.first}`);
  const best = judged.reduce((a, b) => (totalMs(b) < totalMs(a) ? b : a));
  const ns = (ms: number) => (ms * 1e6) / best.ops;
  const peakMb = Math.max(...judged.map(({ maxRssMb }) => maxRssMb));
  const bytesPerOp = bytes / best.ops;
  const cells = [
    best.ops.toLocaleString('en-US').padStart(10),
    ...[best.readMs, best.tellMs, best.checkMs].map((ms) => ns(ms).toFixed(0).padStart(9)),
    ns(totalMs(best)).toFixed(0).padStart(18),
    bytesPerOp.toFixed(1).padStart(11),
    peakMb.toFixed(0).padStart(10),
  ];
  console.log(`  ${name.padEnd(20)}${cells.join('')}`);
  return {
    ops: best.ops,
    checkedPerSecond: 1e9 / ns(best.checkMs),
    judgedPerSecond: 1e9 / ns(totalMs(best)),
    bytesPerOp,
    peakMb,
  };
}

function totalMs({ readMs, tellMs, checkMs }: Judged): number {
  return readMs + tellMs + checkMs;
}

/** A file judged again and again in a new process, so that neither memory nor code of the maker counts. */
function judge(path: string, rounds: number): Judged[] {
  const args = ['--import', 'tsx', once, path, String(rounds)];
  const lines = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Judged);
}

function keep(what: string, reached: number, bound: '>=' | '<=', promised: number): void {
  const kept = bound === '>=' ? reached >= promised : reached <= promised;
  const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  console.log(`  ${kept ? 'kept' : 'MISSED'} (${number(reached)})  ${what} ${bound} ${number(promised)}`);
  if (!kept) process.exitCode = 4;
}
