import { type Random, randomFrom } from '../base/random.ts';
import type { Doing } from '../plan/act.ts';
import type { ScenarioInput } from '../scenario/scenario.ts';
import { drawAccidents, type Steps } from './accidents.ts';
import { drawEnsemble } from './ensembles.ts';
import { drawJourney } from './journeys.ts';
import { drawLoad, flagsFor } from './loads.ts';
import { chance, weighted } from './weighted.ts';

export type Drawn = ScenarioInput & { workload: { use: string } };

/**
 * Servers that gather transactions for so long before they flush them (flushDelay of SyncRequestProcessor, 3.6 and
 * later; others do not know it): disks that are slow. ms.
 */
const slowDisksMs = [50, 400];

/** The same seed and releases give the same scenario, whatever was run before. It is one that `defineSuite` takes. */
export function drawScenario(seed: number, releases: readonly string[]): Drawn {
  const random = randomFrom(seed);
  const version = random.pick(releases);
  const ensemble = drawEnsemble(random.fork('ensemble'), version);
  const kind = weighted(random, [
    [9, 'accidents'],
    [3, 'journey'],
    [8, 'script'],
  ] as const);
  const steps = random.fork('steps');
  const { topology, begin, formation } = ensemble;
  const workload = kind === 'script' ? { use: 'scripted' } : drawLoad(random.fork('load'), version);
  const jvmFlags = kind === 'script' ? slowDisks(random) : flagsFor(workload);
  const common = {
    topology: { ...topology, ...(jvmFlags.length > 0 && { jvmFlags }) },
    workload,
    ...(begin && { begin, formation: formation! }),
    powerOff: chance(random, 60),
    budgets: true,
  };
  const drawn: Omit<Drawn, 'name'> =
    kind === 'script'
      ? {
          ...common,
          warmUpMs: 0,
          coolDownMs: 0,
          steps: drawJourney(steps, ensemble, true),
        }
      : {
          ...common,
          warmUpMs: 800,
          coolDownMs: 800,
          steps: kind === 'accidents' ? drawAccidents(steps, ensemble) : drawJourney(steps, ensemble, false),
        };
  return { name: `${seed}: ${inWords(drawn)}`, tags: ['nightly'], ...drawn };
}

function slowDisks(random: Random): string[] {
  if (!chance(random, 30)) return [];
  const ms = random.pick(slowDisksMs);
  return [`-Dzookeeper.flushDelay=${ms}`, `-Dzookeeper.maxWriteQueuePollTime=${ms}`];
}

/** "3 voters, 1 observer, mixed: kill leader, isolate follower". */
function inWords({ topology = {}, workload, steps = [] }: Omit<Drawn, 'name'>): string {
  const { voters, observers } = topology;
  const servers = `${voters} voters${observers ? `, ${observers} observer` : ''}`;
  return `${servers}, ${workload.use}: ${steps
    .map(stepInWords)
    .filter((each) => each !== '')
    .join(', ')}`;
}

function stepInWords({ start = [], faults = [], client }: Steps[number]): string {
  const starts = start.length > 0 ? [`start ${start.join('+')}`] : [];
  const writes = (client?.do as Doing[] | undefined)?.some((doing) => 'create' in doing) ? ['write'] : [];
  const broken = faults.map(({ fault, target }) => `${fault} ${[target].flat().join('+')}`);
  return [...starts, ...broken, ...writes].join(' and ');
}
