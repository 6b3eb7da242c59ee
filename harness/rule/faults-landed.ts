import type { FaultSpan } from './fault-spans.ts';
import { faultSpans } from './fault-spans.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { count, listed } from './words.ts';

/** Not a promise of ZooKeeper but of this harness: what was planned was done, was seen to bite, and is over. */
export const faultsLanded: Rule = {
  name: 'faults-landed',
  about: 'every planned fault was announced, seen to bite, and seen to be gone; otherwise the run is invalid',
  guarantee: {
    quote: 'Every planned fault is journalled before it is done, proven to bite, and proven to be healed.',
    source: 'zk-gauntlet: a test of faults that did not happen proves nothing',
  },
  cannotSee: ['whether a fault mattered: progress and the number of elections show that'],
  byDesign: [],
  judge({ plan, journal }: Evidence): Judgement {
    const spans = faultSpans(journal);
    const planned = [...(plan.formation ?? []), ...plan.steps].flatMap((step) =>
      step.faults.map(({ fault }) => ({ step: step.index, fault })),
    );
    const open = [...spans];
    const reasons: string[] = [];
    for (const { step, fault } of planned) {
      const at = open.findIndex((span) => span.step === step && span.fault === fault);
      const [span] = at < 0 ? [] : open.splice(at, 1);
      const wrong = span ? wrongWith(span) : 'was never begun';
      if (wrong !== undefined) reasons.push(`${fault} of step ${step} ${wrong}`);
    }
    for (const { fault, step } of open) reasons.push(`${fault} of step ${step} was not planned`);
    if (planned.length === 0 && spans.length === 0) {
      return { relevant: 1, seen: 'no fault was planned, and none was made', findings: [] };
    }
    const done = spans.filter((span) => wrongWith(span) === undefined).length;
    return {
      relevant: planned.length + open.length,
      seen: `${done} of ${count(planned.length, 'planned fault')} landed and healed`,
      findings: [],
      ...(reasons.length > 0 && { invalid: listed(reasons) }),
    };
  },
};

function wrongWith({
  intentNs,
  landedNs,
  healingNs,
  healedNs,
  missed,
  stuck,
}: FaultSpan): string | undefined {
  if (missed !== undefined) return `did not land: ${missed}`;
  if (intentNs === undefined) return 'was not announced in the journal';
  if (landedNs === undefined) return 'was not seen to land';
  if (stuck !== undefined) return `did not heal: ${stuck}`;
  if (healingNs === undefined || healedNs === undefined) return 'was not seen to heal';
  return undefined;
}
