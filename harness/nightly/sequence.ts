import { randomFrom } from '../base/random.ts';
import { type Coverage, timesOf } from './coverage.ts';
import { type Drawn, drawScenario } from './draw-scenario.ts';

/** So many are drawn for each place; of those like the first, the one with most that is new is taken. */
const candidates = 8;

/** Seeds of scenarios, as those of runs, are 31 bits long. */
const seedMax = 0x7fffffff;

export interface Placed {
  /** Draws the same scenario alone. */
  seed: number;
  scenario: Drawn;
}

/**
 * The scenarios of a night, without an end. Seed, releases and what earlier nights covered decide all of them; how
 * fast they run does not. What a scenario is weighs by what this night took before, too.
 */
export function* scenariosOf(
  seed: number,
  releases: readonly string[],
  covered: Coverage,
): Generator<Placed> {
  const taken = new Map<string, number>();
  for (let index = 0; ; index++) {
    const random = randomFrom(seed).fork(`scenario ${index}`);
    const drawn = Array.from({ length: candidates }, (): Placed => {
      const own = random.int(0, seedMax);
      return { seed: own, scenario: drawScenario(own, releases) };
    });
    // What steps do and what clients do are not weighed against each other: there is more of it than faults tell.
    const alike = drawn.filter(({ scenario }) => isScripted(scenario) === isScripted(drawn[0]!.scenario));
    const scored = alike.map((placed) => ({ placed, news: newsIn(placed.scenario, covered, taken) }));
    const { placed } = scored.reduce((best, each) => (each.news > best.news ? each : best));
    for (const { key } of planned(placed.scenario)) taken.set(key, (taken.get(key) ?? 0) + 1);
    yield placed;
  }
}

const isScripted = ({ workload }: Drawn) => workload.use === 'scripted';

/** How much a scenario promises to add: 1 for what was never seen, half of that for what was seen once... on average over its faults. */
function newsIn(scenario: Drawn, covered: Coverage, taken: ReadonlyMap<string, number>): number {
  const cells = planned(scenario);
  const news = cells.map(
    ({ key, fault, version, workload }) =>
      1 / (1 + timesOf(covered, { fault, version, workload }) + (taken.get(key) ?? 0)),
  );
  return news.reduce((sum, each) => sum + each, 0) / Math.max(1, cells.length);
}

/** What a scenario means to do; roles and phases show only when it is done. */
function planned({ topology = {}, workload, steps = [] }: Drawn) {
  const { version = '' } = topology;
  return steps.flatMap(({ faults = [] }) =>
    faults.map(({ fault, target }) => ({
      key: `${fault} ${typeof target === 'string' ? target : 'by id'} ${version} ${workload.use}`,
      fault,
      version,
      workload: workload.use,
    })),
  );
}
