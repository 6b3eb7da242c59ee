import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Op } from '../../harness/history/op.ts';
import { readHistory } from '../../harness/history/reader.ts';
import { HistoryWriter } from '../../harness/history/writer.ts';
import { generate } from '../witness/generate.ts';

/**
 * What recording costs: the same operations written as a history and, as the peer, as lines of JSON; then read back.
 * Rounds are interleaved. Figures are the best round of each, because whatever else runs only makes a round slower.
 *
 *     npm run bench -- history [--ops 500000] [--rounds 5] [--from runs/…/history.arrows]
 */
const { values } = parseArgs({
  options: {
    ops: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '5' },
    /** Take the operations of a recorded history instead of made-up ones. */
    from: { type: 'string' },
  },
});

const writtenPerSecondMin = 1_000_000;
const bytesPerOpMax = 60;
/** Made or read for the size of a file, in which each is written once. */
const held = 50_000;
/** Written over and over for speed: few enough to stay in the cache, where an operation just recorded is too. */
const hot = 4096;

interface Measured {
  writePerSecond: number;
  writeCpuNs: number;
  readPerSecond: number;
}
interface Format {
  name: string;
  write(path: string, ops: readonly Op[], count: number): void;
  /** Reads a file back and says how many rows it has. */
  read(path: string): number;
}

const arrow: Format = {
  name: 'history',
  write(path, ops, count) {
    const writer = HistoryWriter.open(path);
    for (let i = 0; i < count; i++) writer.append(ops[i % ops.length]!);
    writer.close();
  },
  read: (path) => readHistory(path).length,
};

/** As fast as JSON gets without a serializer of its own: lines gathered, written 256 KB at a time. */
const ndjson: Format = {
  name: 'ndjson',
  write(path, ops, count) {
    const file = openSync(path, 'wx');
    let lines = '';
    for (let i = 0; i < count; i++) {
      lines += `${JSON.stringify(ops[i % ops.length])}\n`;
      if (lines.length < 256 * 1024) continue;
      writeSync(file, lines);
      lines = '';
    }
    writeSync(file, lines);
    closeSync(file);
  },
  read(path) {
    let rows = 0;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line !== '' && JSON.parse(line) !== null) rows++;
    }
    return rows;
  },
};

const directory = mkdtempSync(join(tmpdir(), 'bench-history-'));
try {
  if (values.from !== undefined) {
    bench(`operations of ${values.from}`, recorded(values.from));
  } else {
    const ours = bench('registers, reads and writes half and half', made(true));
    keep(ours.bytesPerOp <= bytesPerOpMax, `<= ${bytesPerOpMax} bytes an operation beside its text`);
    bench('a bit of everything', made(false));
  }
} finally {
  rmSync(directory, { recursive: true });
}

/** Prints a table; hands back the bytes of an operation beside its text. */
function bench(name: string, ops: readonly Op[]): { bytesPerOp: number } {
  const count = Number(values.ops);
  const best = new Map<Format, Measured>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const format of [arrow, ndjson])
      best.set(format, better(best.get(format), measure(format, ops.slice(0, hot), count)));
  }
  const textBytes = ops.reduce((sum, op) => sum + textBytesOf(op), 0) / ops.length;
  const [ours, theirs] = [best.get(arrow)!, best.get(ndjson)!];
  const [ourBytes, theirBytes] = [bytesPerOp(arrow, ops), bytesPerOp(ndjson, ops)];
  console.log(
    `\n${name}: ${count.toLocaleString('en-US')} operations, ${textBytes.toFixed(1)} bytes of text each`,
  );
  console.log('  format        written/s   CPU ns/op      read/s   bytes/op   beside text');
  for (const [format, { writePerSecond, writeCpuNs, readPerSecond }] of best) {
    const bytes = format === arrow ? ourBytes : theirBytes;
    const columns = [
      writePerSecond.toFixed(0).padStart(12),
      writeCpuNs.toFixed(0).padStart(12),
      readPerSecond.toFixed(0).padStart(12),
      bytes.toFixed(1).padStart(11),
      (bytes - textBytes).toFixed(1).padStart(14),
    ];
    console.log(`  ${format.name.padEnd(10)}${columns.join('')}`);
  }
  const times = (a: number, b: number) => `${(a / b).toFixed(1)} x`;
  console.log(
    `  history to ndjson: written ${times(ours.writePerSecond, theirs.writePerSecond)} as fast, ` +
      `read ${times(ours.readPerSecond, theirs.readPerSecond)} as fast, ` +
      `${(ourBytes / theirBytes).toFixed(2)} of the size`,
  );
  keep(ours.writePerSecond >= writtenPerSecondMin, `written >= ${writtenPerSecondMin} operations a second`);
  return { bytesPerOp: ourBytes - textBytes };
}

/** Value and result; a result that is the path is stored nowhere. */
function textBytesOf({ value, result, path }: Op): number {
  return Buffer.byteLength(value ?? '') + (result === path ? 0 : Buffer.byteLength(result ?? ''));
}

function bytesPerOp(format: Format, ops: readonly Op[]): number {
  const path = join(directory, 'once');
  rmSync(path, { force: true });
  format.write(path, ops, ops.length);
  return statSync(path).size / ops.length;
}

function measure(format: Format, ops: readonly Op[], count: number): Measured {
  const path = join(directory, format.name);
  rmSync(path, { force: true });
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  format.write(path, ops, count);
  const writtenMs = performance.now() - begun;
  const cpu = process.cpuUsage(cpuBefore);
  const rows = format.read(path);
  const readMs = performance.now() - begun - writtenMs;
  if (rows !== count) throw new Error(`${format.name}: ${rows} rows read, ${count} written`);
  return {
    writePerSecond: (count * 1000) / writtenMs,
    writeCpuNs: ((cpu.user + cpu.system) * 1000) / count,
    readPerSecond: (count * 1000) / readMs,
  };
}

function better(a: Measured | undefined, b: Measured): Measured {
  if (a === undefined) return b;
  return {
    writePerSecond: Math.max(a.writePerSecond, b.writePerSecond),
    writeCpuNs: Math.min(a.writeCpuNs, b.writeCpuNs),
    readPerSecond: Math.max(a.readPerSecond, b.readPerSecond),
  };
}

function made(registersOnly: boolean): Op[] {
  const ops: Op[] = [];
  const traffic = { ops: held, seed: 1, clients: 10, registers: 8, unknownPer10k: 10, registersOnly };
  generate(traffic, { append: (op) => ops.push(op) });
  return ops;
}

function recorded(path: string): Op[] {
  const history = readHistory(path);
  return Array.from({ length: Math.min(history.length, held) }, (_, row) => history.op(row));
}

function keep(kept: boolean, what: string): void {
  console.log(`  ${kept ? 'kept' : 'MISSED'}  ${what}`);
  if (!kept) process.exitCode = 4;
}
