import { victimsInWords } from '../faults.ts';
import type { ScenarioReport } from '../report.ts';
import type { Latency } from '../traffic.ts';
import { relative } from './parts.ts';

/** What the page's script draws, in seconds since the scenario began. Buckets only, so its size does not grow with the operations. */
export interface ChartData {
  end: number;
  bucket: number;
  reads: number[];
  writes: number[];
  refused: number[];
  unknown: number[];
  notSent: number[];
  readMs: Latency;
  writeMs: Latency;
  faults: [from: number, to: number, label: string][];
  outages: [from: number, to: number][];
}

export function chartData(scenario: ScenarioReport, end: number): ChartData | null {
  const { traffic, faults, outages } = scenario;
  if (!traffic) return null;
  const { reads, writes, refused, unknown, notSent, readMs, writeMs } = traffic;
  return {
    end,
    bucket: traffic.bucketMs / 1000,
    reads,
    writes,
    refused,
    unknown,
    notSent,
    readMs,
    writeMs,
    faults: faults.flatMap((fault) => {
      if (fault.landedNs === undefined) return [];
      const to = relative(fault.healedNs ?? scenario.endNs);
      return [[relative(fault.landedNs), to, `${fault.fault} ${victimsInWords(fault)}`]];
    }),
    outages: outages.map(({ fromNs, toNs }) => [relative(fromNs), relative(toNs)]),
  };
}
