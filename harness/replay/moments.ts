import type { History } from '../history/history.ts';
import { opKinds, outcomes } from '../history/op.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Anchor } from '../plan/plan.ts';
import type { JournalEntry, StepPart } from '../run/journal-entry.ts';
import { writeKinds } from '../workload/tally-sink.ts';

/** What a moment of a run can be told by, instead of the clock. */
export interface Landmarks {
  /** When a leader was established in a new epoch, in order. */
  reignsNs: number[];
  /** When writes were acknowledged, in order. Empty where only steps have clients act: they wait by themselves. */
  acksNs: number[];
}

const ok = outcomes.indexOf('ok');

export function landmarksOf(ledger: Ledger, history: History, clientsWork: boolean): Landmarks {
  const acksNs: number[] = [];
  for (let row = 0; clientsWork && row < history.length; row++) {
    if (history.outcome[row] === ok && writeKinds.has(opKinds[history.kind[row]!]!))
      acksNs.push(history.returnedNs[row]!);
  }
  return {
    reignsNs: ledger.reigns.map(({ establishedNs }) => establishedNs).sort((a, b) => a - b),
    acksNs: acksNs.sort((a, b) => a - b),
  };
}

/** When each part of a step began; nothing in journals of harnesses that did not write it down. */
export function partsOf(journal: readonly JournalEntry[], step: number): Partial<Record<StepPart, number>> {
  const own = journal.flatMap((entry) => (entry.kind === 'step' && entry.step === step ? [entry] : []));
  return Object.fromEntries(own.map(({ part, atNs }) => [part, atNs]));
}

/** Shorter than that it is the time the harness itself takes. */
const leastMs = 50;

/**
 * What came between two moments, as things to wait for: a new epoch, so many acknowledged writes after it, and what is
 * left of the time when neither fills it.
 */
export function anchorsBetween(fromNs: number, toNs: number, { reignsNs, acksNs }: Landmarks): Anchor[] {
  const within = (times: readonly number[], afterNs: number) =>
    times.filter((ns) => ns > afterNs && ns <= toNs);
  const reign = within(reignsNs, fromNs).at(-1);
  const acks = within(acksNs, reign ?? fromNs);
  const last = acks.at(-1) ?? reign ?? fromNs;
  const restMs = Math.round((toNs - last) / 1e6);
  return [
    ...(reign === undefined ? [] : [{ seen: { epoch: 'new' as const, withinMs: 45_000, forMs: 0 } }]),
    ...(acks.length > 0 ? [{ acked: acks.length }] : []),
    ...(restMs >= leastMs ? [{ afterMs: restMs, jitterMs: 0 }] : []),
  ];
}
