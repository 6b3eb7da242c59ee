import type { Recipe } from '../../suites/known-bugs/recipe.ts';
import type { Finding, ScenarioVerdict } from '../rule/verdict.ts';

/** One try of a recipe on one release, judged by the rules. */
export interface Try {
  recipe: Pick<Recipe, 'id' | 'breaks' | 'bad' | 'healthy' | 'caughtBy'>;
  release: string;
  verdict: ScenarioVerdict;
  seconds: number;
  /** Its folder in the run directory. */
  slug: string;
}

/** What a try shows. `hit`: a rule that must catch the bug did; `red`: other rules found something; `nothing`: it proves nothing. */
export type Shown = 'hit' | 'clean' | 'red' | 'nothing';

export function shownBy({ recipe, verdict }: Pick<Try, 'recipe' | 'verdict'>): Shown {
  if (findingOf({ recipe, verdict })) return 'hit';
  if (verdict.verdict === 'pass') return 'clean';
  return verdict.verdict === 'violation' ? 'red' : 'nothing';
}

/** The first breach found by a rule that must catch the bug, in the recipe's order of rules. */
export function findingOf({ recipe, verdict }: Pick<Try, 'recipe' | 'verdict'>): Finding | undefined {
  const findings = verdict.rules.flatMap((rule) => rule.findings);
  return recipe.caughtBy
    .flatMap((name) => findings.filter(({ rule, severity }) => rule === name && severity === 'violation'))
    .at(0);
}

/** A recipe over all its tries: how often it hit where it should, and how often it was clean where it should be. */
export interface Standing {
  recipe: Try['recipe'];
  hits: number;
  tries: number;
  clean: number;
  controls: number;
  /** Median of a try on the bad release; NaN without any. */
  secondsEach: number;
  /** Rules that found a breach on the bad release, of those that must. */
  rules: string[];
}

export function standingOf(recipe: Try['recipe'], tries: readonly Try[]): Standing {
  const own = tries.filter((each) => each.recipe.id === recipe.id);
  const bad = own.filter(({ release }) => release === recipe.bad);
  const controls = own.filter(({ release }) => release === recipe.healthy);
  const seconds = bad.map((each) => each.seconds).sort((a, b) => a - b);
  const found = new Set(
    bad.flatMap(({ verdict }) => verdict.rules.flatMap(({ findings }) => findings)).map(({ rule }) => rule),
  );
  return {
    recipe,
    hits: bad.filter((each) => shownBy(each) === 'hit').length,
    tries: bad.length,
    clean: controls.filter((each) => shownBy(each) === 'clean').length,
    controls: controls.length,
    secondsEach: seconds[Math.floor(seconds.length / 2)] ?? Number.NaN,
    rules: recipe.caughtBy.filter((rule) => found.has(rule)),
  };
}

/** Shown on the bad release, and never on the healthy one. */
export const isReproduced = ({ hits, clean, controls }: Standing) => hits > 0 && clean === controls;

/** The track record as a page of Markdown; `how` says where its figures come from. */
export function trackRecord(standings: readonly Standing[], how: { command: string; where: string }): string {
  const rows = standings.map(({ recipe, hits, tries, clean, controls, secondsEach, rules }) =>
    [
      recipe.id,
      recipe.breaks,
      `${recipe.bad}: ${hits}/${tries}`,
      recipe.healthy === undefined ? 'no release is without it' : `${recipe.healthy}: ${clean}/${controls}`,
      secondsEach.toFixed(0),
      rules.join(', ') || 'none',
    ].join(' | '),
  );
  return [
    '# Track record',
    '',
    'Known bugs of ZooKeeper and of Kafka on it, brought back on real servers by their recipes and found by the rules that judge every run',
    '([repro](repro.md)). A rule counts as having caught a bug when it found a breach on the bad release.',
    '',
    `Written by \`${how.command}\` (${how.where}).`,
    '',
    '| bug | what breaks | bad release: hits/tries | control: clean/tries | s a try | caught by |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}
