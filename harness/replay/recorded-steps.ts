import { type Anchors, anchorsOf, type FaultCall, type PlannedStep, type Step } from '../plan/plan.ts';
import type { JournalEntry, LinkCut } from '../run/journal-entry.ts';
import { isBroker } from '../topology/brokers.ts';
import { nodeName } from '../topology/topology.ts';
import { anchorsBetween, type Landmarks, partsOf } from './moments.ts';

/** A step as it went: whom its faults hit, and after what it began and ended. */
export function recordedStep(
  planned: PlannedStep,
  journal: readonly JournalEntry[],
  landmarks: Landmarks,
): Step {
  const { index, draw: _, ...step } = planned;
  const { waits, acts, holds, ends } = partsOf(journal, index);
  const faults = hitAgain(step.faults, journal, index);
  const between = (fromNs: number | undefined, toNs: number | undefined) =>
    fromNs === undefined || toNs === undefined ? undefined : anchorsBetween(fromNs, toNs, landmarks);
  const began = isOfClock(step.when) ? between(waits, acts) : undefined;
  // What is kept is ended by a later step.
  const held = step.forMs > 0 && step.until === undefined ? between(holds, ends) : undefined;
  return {
    ...step,
    faults,
    ...(began && { when: one(began) }),
    ...(held && holdOf(held)),
  };
}

const isOfClock = (when: Anchors) => anchorsOf(when).every((anchor) => 'afterMs' in anchor);

const now = { afterMs: 0, jitterMs: 0 };

const one = (anchors: ReturnType<typeof anchorsBetween>): Anchors =>
  anchors.length > 1 ? anchors : (anchors[0] ?? now);

/** What is left of the time stands where time stands in a step. */
function holdOf(anchors: ReturnType<typeof anchorsBetween>): Pick<Step, 'until' | 'forMs'> {
  const seen = anchors.filter((anchor) => !('afterMs' in anchor));
  const forMs = anchors.reduce((sum, anchor) => sum + ('afterMs' in anchor ? anchor.afterMs : 0), 0);
  return { ...(seen.length > 0 && { until: one(seen) }), forMs };
}

/** The same faults on the servers that were hit; one that found nobody to hit has no intent, and is left out. */
function hitAgain(calls: readonly FaultCall[], journal: readonly JournalEntry[], step: number): FaultCall[] {
  const of = <K extends JournalEntry['kind']>(kind: K) =>
    journal.filter(
      (entry): entry is Extract<JournalEntry, { kind: K }> =>
        entry.kind === kind && 'step' in entry && entry.step === step,
    );
  const intents = of('fault-intent');
  const landed = of('fault-landed');
  return calls.flatMap((call): FaultCall[] => {
    if (!same(intents[0]?.call, call)) return [];
    const { victims: hit } = intents.shift()!;
    const target = hit.map((node) => (isBroker(node) ? nodeName(node) : node));
    const cuts = landed.find(({ fault, victims }) => fault === call.fault && same(victims, hit))?.cuts;
    // Whom a bridge joins is drawn when it is injected; named sides are the same cuts.
    if (call.fault === 'bridge' && cuts) {
      return [{ fault: 'partition', target, params: { groups: sidesOf(cuts) } }];
    }
    return [{ ...call, target }];
  });
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The two sides of which every server lost all of the other. */
function sidesOf(cuts: readonly LinkCut[]): number[][] {
  const sids = [...new Set(cuts.flatMap(({ from }) => (from === 'clients' ? [] : [from])))].sort(
    (a, b) => a - b,
  );
  const [first] = sids;
  const far = sids.filter((sid) => cuts.some(({ from, to }) => from === first && to === sid));
  return [sids.filter((sid) => !far.includes(sid)), far];
}
