import type { Evidence, Judgement, Rule } from './rule.ts';
import { count, finding, listed, report, seconds } from './words.ts';

const name = 'expectations';

/** What a scenario says must be seen at its steps was seen: the claim it tests, in the scenario's own words. */
export const expectations: Rule = {
  name,
  about: 'what the scenario expects of servers and clients at each step was seen there',
  guarantee: {
    quote: 'What a scenario expects at a step is seen on the servers, or by the clients, within its time.',
    source: 'the scenario itself; the claims of suite conformance say where each comes from',
  },
  cannotSee: ['anything the scenario does not name', 'what came and went between two looks'],
  byDesign: [],
  judge(evidence: Evidence): Judgement {
    const { plan, journal } = evidence;
    const planned = [...(plan.formation ?? []), ...plan.steps].flatMap(({ expect = [], after = [] }) => [
      ...expect,
      ...after,
    ]).length;
    const looked = journal.filter((entry) => entry.kind === 'expectation');
    const unmet = looked.filter(({ met }) => !met);
    const { findings, more } = report(unmet, ({ what, seen, atNs, step, tookMs }) =>
      finding(evidence, {
        rule: name,
        title: `step ${step}: not seen that ${what}`,
        tell: `By ${seconds(atNs)}, after ${seconds(tookMs * 1e6)} of looking, what was seen was: ${seen}.`,
        atNs,
      }),
    );
    const missing = planned - looked.length;
    const met = looked.filter((each) => each.met).map(({ what }) => what);
    return {
      relevant: planned,
      seen: `${looked.length - unmet.length} of ${count(planned, 'expectation')} seen${met.length > 0 ? `: ${listed(met)}` : ''}${more}`,
      findings,
      ...(missing > 0 && { inconclusive: `${count(missing, 'expectation')} were never looked for` }),
    };
  },
};
