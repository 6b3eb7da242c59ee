import { type Anchor, type Anchors, anchorsOf } from '../../plan/plan.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { workloadNamed } from '../../workload/catalogue.ts';
import type { Reduction } from '../shrink.ts';

/** Parameters of workloads that say how much there is of something; times to wait for answers are none. */
const amounts = ['clients', 'turnsPerSecond', 'registers', 'locks', 'writes'] as const;

/** The least there may be, and half. */
const less = (n: number, least = 1) =>
  [...new Set([least, Math.floor(n / 2)])].filter((m) => m >= least && m < n);

/** Fewer clients that do less. */
export function lessWork(scenario: Scenario): Reduction<Scenario>[] {
  const { use, client, ...given } = scenario.workload;
  const params = workloadNamed(use).params.parse(given) as Record<string, unknown>;
  return amounts.flatMap((name) => {
    const count = params[name];
    if (typeof count !== 'number') return [];
    return less(count).map((fewer) => ({
      without: `${name} ${count} to ${fewer}`,
      scenario: { ...scenario, workload: { ...scenario.workload, [name]: fewer } },
    }));
  });
}

/** The end, which costs the most time. */
export function noPowerOff(scenario: Scenario): Reduction<Scenario>[] {
  if (!scenario.powerOff) return [];
  return [{ without: 'the power failure at the end', scenario: { ...scenario, powerOff: false } }];
}

/** Waits and holds: left out, or half as long. */
export function lessTime(scenario: Scenario): Reduction<Scenario>[] {
  const around = (['warmUpMs', 'coolDownMs'] as const).flatMap((name) =>
    less(scenario[name], 0).map((ms) => ({
      without: `${name} ${scenario[name]} to ${ms}`,
      scenario: { ...scenario, [name]: ms },
    })),
  );
  const steps = scenario.steps.flatMap((step, i) => {
    const changed = (without: string, change: Partial<typeof step>) => ({
      without: `${without} in step ${i}`,
      scenario: { ...scenario, steps: scenario.steps.with(i, { ...step, ...change }) },
    });
    const { until, ...held } = step;
    return [
      ...(until
        ? [{ without: `until in step ${i}`, scenario: { ...scenario, steps: scenario.steps.with(i, held) } }]
        : []),
      ...less(step.forMs, 0).map((forMs) => changed(`forMs ${step.forMs} to ${forMs}`, { forMs })),
      ...sooner(step.when).map((when) => changed('a wait', { when })),
      ...(until ? sooner(until).map((each) => changed('a wait', { until: each })) : []),
    ];
  });
  return [...around, ...steps];
}

const atOnce: Anchor = { afterMs: 0, jitterMs: 0 };

/** Nothing to wait for, one thing less, or less of one. */
function sooner(anchors: Anchors): Anchors[] {
  const all = anchorsOf(anchors);
  const one = (each: Anchor[]): Anchors => (each.length === 1 ? each[0]! : each);
  return [
    ...(JSON.stringify(anchors) === JSON.stringify(atOnce) ? [] : [atOnce]),
    ...(all.length > 1 ? all.map((_, i) => one(all.toSpliced(i, 1))) : []),
    ...all.flatMap((anchor, i) => lesser(anchor).map((each) => one(all.with(i, each)))),
  ];
}

function lesser(anchor: Anchor): Anchor[] {
  if ('acked' in anchor) return less(anchor.acked).map((acked) => ({ acked }));
  if ('afterMs' in anchor) return less(anchor.afterMs, 0).map((afterMs) => ({ ...anchor, afterMs }));
  return [];
}

/** Lines of zoo.cfg, flags and a log directory that nothing depends on. */
export function plainServers(scenario: Scenario): Reduction<Scenario>[] {
  const { topology } = scenario;
  const changed = (without: string, change: Partial<typeof topology>) => ({
    without,
    scenario: { ...scenario, topology: { ...topology, ...change } },
  });
  const lines = Object.keys(topology.settings);
  return [
    ...(lines.length > 1 ? [changed('all settings', { settings: {} })] : []),
    ...lines.map((key) => {
      const { [key]: _, ...settings } = topology.settings;
      return changed(`setting ${key}`, { settings });
    }),
    ...topology.jvmFlags.map((flag, i) =>
      changed(`flag ${flag}`, { jvmFlags: topology.jvmFlags.toSpliced(i, 1) }),
    ),
    ...(topology.separateLogDir ? [changed('the log directory', { separateLogDir: false })] : []),
  ];
}
