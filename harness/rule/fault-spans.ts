import type { JournalEntry, LinkCut } from '../run/journal-entry.ts';

/** One fault from its announcement to its end, as far as the journal goes. */
export interface FaultSpan {
  step: number;
  fault: string;
  victims: number[];
  intentNs: number | undefined;
  landedNs: number | undefined;
  healingNs: number | undefined;
  healedNs: number | undefined;
  /** The kernel ends cuts and freezes then, whatever becomes of the harness. */
  deadlineNs: number | undefined;
  cuts: LinkCut[];
  missed: string | undefined;
  stuck: string | undefined;
}

/** Pairs the entries of each fault. Faults of one step heal in reverse order, so the youngest open one ends first. */
export function faultSpans(journal: readonly JournalEntry[]): FaultSpan[] {
  const spans: FaultSpan[] = [];
  for (const entry of journal) {
    if (entry.kind === 'fault-intent') {
      spans.push({ ...begun(entry), intentNs: entry.atNs, deadlineNs: entry.deadlineNs });
    } else if (entry.kind === 'fault-landed') {
      const span = openOf(entry, (each) => each.landedNs === undefined && !each.missed) ?? begin(entry);
      span.landedNs = entry.atNs;
      span.cuts = entry.cuts ?? [];
    } else if (entry.kind === 'fault-missed') {
      const span = openOf(entry, (each) => each.landedNs === undefined && !each.missed) ?? begin(entry);
      span.missed = entry.reason;
    } else if (entry.kind === 'fault-healing') {
      const span = openOf(entry, (each) => each.landedNs !== undefined && each.healingNs === undefined);
      (span ?? begin(entry)).healingNs = entry.atNs;
    } else if (entry.kind === 'fault-healed') {
      const span = openOf(entry, (each) => each.healingNs !== undefined && each.healedNs === undefined);
      (span ?? begin(entry)).healedNs = entry.atNs;
    } else if (entry.kind === 'fault-stuck') {
      const span = openOf(entry, (each) => each.healingNs !== undefined && each.healedNs === undefined);
      (span ?? begin(entry)).stuck = entry.reason;
    }
  }
  return spans;

  function openOf(of: Of, fits: (span: FaultSpan) => boolean): FaultSpan | undefined {
    return spans.findLast(
      (span) =>
        span.step === of.step &&
        span.fault === of.fault &&
        fits(span) &&
        (of.victims.length === 0 || String(span.victims) === String(of.victims)),
    );
  }

  /** An entry whose beginning the journal lacks still counts as a fault. */
  function begin(of: Of): FaultSpan {
    const span = begun(of);
    spans.push(span);
    return span;
  }
}

interface Of {
  step: number;
  fault: string;
  victims: number[];
}

const begun = ({ step, fault, victims }: Of): FaultSpan => ({
  step,
  fault,
  victims,
  intentNs: undefined,
  landedNs: undefined,
  healingNs: undefined,
  healedNs: undefined,
  deadlineNs: undefined,
  cuts: [],
  missed: undefined,
  stuck: undefined,
});
