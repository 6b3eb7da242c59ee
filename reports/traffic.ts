import type { History } from '../harness/history/history.ts';
import { isRead, isWrite, outcomeIndex, phaseIndex } from './op-class.ts';

/** Milliseconds, per bucket; null where nothing was answered. */
export interface Latency {
  p50: (number | null)[];
  p99: (number | null)[];
  max: (number | null)[];
}

/** What clients saw, in buckets of equal width from the scenario's origin on. Setup and workload only: final reads are no traffic. */
export interface Traffic {
  bucketMs: number;
  /** Operations per bucket, by the time of their answer (or of giving up). */
  reads: number[];
  writes: number[];
  /** Answered with an error: definitely not applied. */
  refused: number[];
  /** Sent, no answer. */
  unknown: number[];
  notSent: number[];
  /** Of answered operations, by the time of their request. */
  readMs: Latency;
  writeMs: Latency;
  totals: Totals;
}

interface Totals {
  ops: number;
  reads: number;
  writes: number;
  refused: number;
  unknown: number;
  notSent: number;
}

/** Widths a reader can divide by; the finest that needs at most `mostBuckets`. */
const widthsMs = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const mostBuckets = 3000;

export function trafficOf(history: History, endNs: number): Traffic {
  const spanMs = Math.max(0, endNs) / 1e6;
  const bucketMs = widthsMs.find((width) => spanMs / width < mostBuckets) ?? spanMs / mostBuckets;
  const buckets = Math.max(1, Math.ceil(spanMs / bucketMs));
  const bucketOf = (ns: number) => Math.min(buckets - 1, Math.max(0, Math.floor(ns / 1e6 / bucketMs)));
  const zeros = () => new Array<number>(buckets).fill(0);
  const [reads, writes, refused, unknown, notSent] = [zeros(), zeros(), zeros(), zeros(), zeros()];
  const readMs: number[][] = [];
  const writeMs: number[][] = [];
  let ops = 0;

  for (let row = 0; row < history.length; row++) {
    const kind = history.kind[row]!;
    const write = isWrite[kind]!;
    if (!write && !isRead[kind]) continue;
    if (history.phase[row]! > phaseIndex.workload) continue;
    ops++;
    const outcome = history.outcome[row]!;
    const answer = bucketOf(history.returnedNs[row]!);
    if (outcome === outcomeIndex.ok) (write ? writes : reads)[answer]!++;
    else if (outcome === outcomeIndex.fail) refused[answer]!++;
    else if (outcome === outcomeIndex.unknown) unknown[answer]!++;
    else notSent[answer]!++;
    if (outcome > outcomeIndex.fail) continue;
    const request = bucketOf(history.invokedNs[row]!);
    const latencies = write ? writeMs : readMs;
    latencies[request] ??= [];
    latencies[request].push((history.returnedNs[row]! - history.invokedNs[row]!) / 1e6);
  }

  return {
    bucketMs,
    reads,
    writes,
    refused,
    unknown,
    notSent,
    readMs: latency(readMs, buckets),
    writeMs: latency(writeMs, buckets),
    totals: {
      ops,
      reads: sum(reads),
      writes: sum(writes),
      refused: sum(refused),
      unknown: sum(unknown),
      notSent: sum(notSent),
    },
  };
}

function latency(samplesMs: number[][], buckets: number): Latency {
  const result: Latency = { p50: [], p99: [], max: [] };
  for (let i = 0; i < buckets; i++) {
    const sorted = Float64Array.from(samplesMs[i] ?? []).sort();
    result.p50.push(quantile(sorted, 0.5));
    result.p99.push(quantile(sorted, 0.99));
    result.max.push(quantile(sorted, 1));
  }
  return result;
}

/** Nearest rank, to three digits; null without samples. */
function quantile(sorted: Float64Array, q: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  return value === undefined ? null : Number(value.toPrecision(3));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
