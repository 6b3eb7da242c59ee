import type { Scenario } from '../../scenario/scenario.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Reduction } from '../shrink.ts';

type Step = Scenario['steps'][number];

/** All steps, halves of them, quarters, and so on down to each alone: what a list can lose, the most at once first. */
export function chunksOf(length: number): { from: number; count: number }[] {
  const chunks: { from: number; count: number }[] = [];
  for (let count = length; count >= 1; count = count === 1 ? 0 : Math.ceil(count / 2)) {
    for (let from = 0; from < length; from += count)
      chunks.push({ from, count: Math.min(count, length - from) });
  }
  return chunks;
}

/** Steps, with what later steps would heal of them. The last ones first: what happened before the breach counts. */
export function fewerSteps(scenario: Scenario): Reduction<Scenario>[] {
  return chunksOf(scenario.steps.length)
    .map(({ from, count }) => ({ from: scenario.steps.length - from - count, count }))
    .map(({ from, count }) => ({
      without: count === 1 ? `step ${from}` : `steps ${from} to ${from + count - 1}`,
      scenario: healed({
        ...scenario,
        steps: scenario.steps.filter((_, i) => i < from || i >= from + count),
      }),
    }));
}

/** All servers at once, in place of one after the other. */
export function plainBeginning(scenario: Scenario): Reduction<Scenario>[] {
  const { begin, formation, ...rest } = scenario;
  if (!begin && !formation) return [];
  return [{ without: 'the order in which servers start', scenario: rest }];
}

/** Single things within steps: a fault among others, what a client does, what is expected. */
export function smallerSteps(scenario: Scenario): Reduction<Scenario>[] {
  return scenario.steps.flatMap((step, i) =>
    partsOf(step).map(({ without, step: smaller }) => ({
      without: `${without} in step ${i}`,
      scenario: healed({ ...scenario, steps: scenario.steps.with(i, smaller) }),
    })),
  );
}

function partsOf(step: Step): { without: string; step: Step }[] {
  const { faults, client, expect, after, start = [] } = step;
  const dropped = <K extends keyof Step>(key: K, without: string) => {
    const { [key]: _, ...rest } = step;
    return { without, step: rest as Step };
  };
  return [
    ...faults.map(({ fault }, i) => ({ without: fault, step: { ...step, faults: faults.toSpliced(i, 1) } })),
    ...(client ? [dropped('client', `what ${client.name} does`)] : []),
    ...(client && client.do.length > 1
      ? client.do.map((doing, i) => ({
          without: `${Object.keys(doing)[0]} of ${client.name}`,
          step: { ...step, client: { ...client, do: client.do.toSpliced(i, 1) } },
        }))
      : []),
    ...(client?.do ?? []).flatMap((doing, i) =>
      'count' in doing && doing.count !== undefined && doing.count > 1
        ? [1, Math.floor(doing.count / 2)].map((count) => ({
            without: `${doing.count! - count} of ${doing.count} operations of ${client!.name}`,
            step: { ...step, client: { ...client!, do: client!.do.with(i, { ...doing, count }) } },
          }))
        : [],
    ),
    ...(expect ? [dropped('expect', 'what is expected')] : []),
    ...(after ? [dropped('after', 'what is expected afterwards')] : []),
    ...faults.flatMap((call, i) => {
      const { target } = call;
      if (!Array.isArray(target) || target.length < 2) return [];
      return target.map((sid, j) => ({
        without: `${call.fault} of ${typeof sid === 'number' ? nodeName(sid) : sid}`,
        step: { ...step, faults: faults.with(i, { ...call, target: target.toSpliced(j, 1) }) },
      }));
    }),
    ...start.map((_, i) => ({ without: 'a start', step: { ...step, start: start.toSpliced(i, 1) } })),
  ];
}

/** Heals only what is still kept open, and keeps nothing under a name when there is nothing to keep. */
function healed(scenario: Scenario): Scenario {
  const kept = new Set(
    scenario.steps.flatMap(({ keep, faults }) => (keep && faults.length > 0 ? [keep] : [])),
  );
  return {
    ...scenario,
    steps: scenario.steps.map(({ heal, keep, ...step }) => {
      const names = heal?.filter((name) => kept.has(name)) ?? [];
      return { ...step, ...(names.length > 0 && { heal: names }), ...(keep && kept.has(keep) && { keep }) };
    }),
  };
}
