import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { usage } from '../base/trouble.ts';
import { added, type Coverage } from '../nightly/coverage.ts';
import { nightFile, readNight } from '../nightly/coverage-file.ts';
import type { RunVerdict, ScenarioVerdict } from '../rule/verdict.ts';
import { judgeOrInvalid } from './judge.ts';
import { verdictOf } from './run.ts';
import type { RunMeta, RunRecord, Shard } from './run-directory.ts';
import { store } from './stored.ts';

type Part = RunRecord & { meta: { shard: Shard } };

/** What all parts of one run have in common, and how it is called. */
const common: readonly { name: string; of: (meta: RunMeta) => string }[] = [
  { name: 'suite', of: ({ suite }) => suite },
  { name: 'seed', of: ({ seed }) => String(seed) },
  { name: 'releases', of: ({ zookeeper }) => [...zookeeper].sort().join(', ') },
  { name: 'number of parts', of: ({ shard }) => String(shard?.count) },
];

/**
 * Makes one run of its parts (`--shard`) in an empty directory: every scenario with all it left, one verdict by the rules
 * of every run. A part that is missing, or did not get to its end, is a scenario of its own that is `invalid`. Throws a
 * Trouble when the runs are no parts of one run, or a part is there twice. What it writes is all but the reports.
 */
export function mergeRuns(runs: readonly RunRecord[], directory: string): RunVerdict {
  const parts = partsOf(runs);
  const [{ meta: first }] = parts as [Part];
  const { count } = first.shard;
  const scenarios: RunMeta['scenarios'] = [];
  const verdicts: ScenarioVerdict[] = [];
  for (const { record, run } of inOrder(parts)) {
    const slug = slugIn(parts, run, record.slug);
    const from = join(run.dir, record.slug);
    const to = join(directory, slug);
    if (existsSync(from)) cpSync(from, to, { recursive: true });
    // One that was judged keeps its verdict; its evidence is what it was.
    const judged = existsSync(join(to, 'verdict.json'))
      ? record.verdict()
      : judgeOrInvalid(to, record.name).verdict;
    scenarios.push({ name: record.name, slug, release: record.release });
    verdicts.push(judged);
  }
  for (const { index, reason } of gapsIn(parts, count)) {
    const name = `part ${index} of ${count}`;
    scenarios.push({
      name,
      slug: `part-${index}-of-${count}`,
      release: parts[0]!.scenarios[0]?.release ?? '',
    });
    verdicts.push({ scenario: name, verdict: 'invalid', reasons: [reason], rules: [] });
  }
  const verdict = verdictOf(verdicts);
  storeCoverage(parts, directory);
  store(join(directory, 'run.json'), mergedMeta(parts, scenarios));
  store(join(directory, 'verdict.json'), verdict);
  return verdict;
}

/** The runs, by their place in the whole; a Trouble when they do not belong together. */
function partsOf(runs: readonly RunRecord[]): Part[] {
  const whole = runs.find(({ meta }) => meta.shard === undefined);
  if (whole)
    throw usage(whole.dir, 'it is a whole run, not a part', 'give runs that were started with --shard');
  const parts = [...(runs as Part[])].sort((a, b) => a.meta.shard.index - b.meta.shard.index);
  for (const { name, of } of common) {
    const odd = parts.find(({ meta }) => of(meta) !== of(parts[0]!.meta));
    if (!odd) continue;
    const told = parts.map(({ dir, meta }) => `${dir}: ${of(meta)}`);
    throw usage(
      odd.dir,
      `not of the same ${name} as the others (${told.join('; ')})`,
      'give the parts of one run',
    );
  }
  const twice = parts.find(({ meta }, i) => meta.shard.index === parts[i - 1]?.meta.shard.index);
  if (twice) {
    const { index, count } = twice.meta.shard;
    const both = parts.filter(({ meta }) => meta.shard.index === index).map(({ dir }) => dir);
    throw usage(
      twice.dir,
      `part ${index} of ${count} is there twice (${both.join(', ')})`,
      'leave one of them out',
    );
  }
  const names = parts.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  const again = names.find((name, i) => names.indexOf(name) !== i);
  if (again === undefined) return parts;
  const both = parts
    .filter(({ scenarios }) => scenarios.some(({ name }) => name === again))
    .map(({ dir }) => dir);
  throw usage(`scenario "${again}"`, `two parts hold it (${both.join(', ')})`, 'give the parts of one run');
}

/** As the whole would have run them: the first of every part, the second of every part... */
function inOrder(parts: readonly Part[]) {
  const longest = Math.max(...parts.map(({ scenarios }) => scenarios.length));
  return Array.from({ length: longest }, (_, i) =>
    parts.flatMap((run) => (run.scenarios[i] ? [{ run, record: run.scenarios[i] }] : [])),
  ).flat();
}

/** Parts number their scenarios each from 1, so two may have a folder of one name. */
function slugIn(parts: readonly Part[], { meta }: Part, slug: string): string {
  const sharing = parts.filter(({ scenarios }) => scenarios.some((scenario) => scenario.slug === slug));
  return sharing.length > 1 ? `${slug}-part-${meta.shard.index}` : slug;
}

function gapsIn(parts: readonly Part[], count: number): { index: number; reason: string }[] {
  return Array.from({ length: count }, (_, i) => i + 1).flatMap((index) => {
    const part = parts.find(({ meta }) => meta.shard.index === index);
    if (!part)
      return { index, reason: `part ${index} of ${count} is missing: what it was to show is not known` };
    if (part.meta.endedAt === null)
      return { index, reason: `part ${index} of ${count} did not get to its end` };
    return [];
  });
}

function mergedMeta(parts: readonly Part[], scenarios: RunMeta['scenarios']): RunMeta {
  const { shard, ...first } = parts[0]!.meta;
  const ends = parts.map(({ meta }) => meta.endedAt);
  const begins = parts.map(({ meta }) => meta.startedAt).sort();
  return {
    ...first,
    startedAt: begins[0]!,
    endedAt: ends.includes(null) ? null : ends.sort().at(-1)!,
    command: first.command.replace(` --shard ${shard.index}/${shard.count}`, ''),
    scenarios,
    ...(first.claims && { claims: mergedClaims(parts) }),
  };
}

/** Every claim once, with the scenarios of all parts. */
function mergedClaims(parts: readonly Part[]): NonNullable<RunMeta['claims']> {
  const all = parts.flatMap((part) =>
    (part.meta.claims ?? []).map((claim) => ({
      ...claim,
      scenarios: claim.scenarios.map((slug) => slugIn(parts, part, slug)),
    })),
  );
  const ids = [...new Set(all.map(({ id }) => id))].sort();
  return ids.map((id) => {
    const same = all.filter((claim) => claim.id === id);
    return { ...same[0]!, scenarios: same.flatMap(({ scenarios }) => scenarios) };
  });
}

/** Of parts of a night. All began with what was covered before it. */
function storeCoverage(parts: readonly Part[], directory: string): void {
  const nights = parts.flatMap(({ dir }) => readNight(dir) ?? []);
  const [first] = nights;
  if (!first) return;
  const tonight = nights.reduce<Coverage>((all, night) => added(all, night.tonight), []);
  store(join(directory, nightFile), { before: first.before, tonight });
}
