import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judgeOrInvalid } from '../../harness/run/judge.ts';
import { mergeRuns } from '../../harness/run/merge.ts';
import { openRun, type RunMeta } from '../../harness/run/run-directory.ts';
import { writeReports } from '../../reports/write.ts';
import { type SampleScenario, writeRun } from '../reports/sample-run.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gauntlet-merge-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function scenario(name: string, verdict: 'pass' | 'violation' = 'pass'): SampleScenario {
  return {
    ...{ name, slug: `1-${name}` },
    verdict: { scenario: name, verdict, reasons: verdict === 'pass' ? [] : ['it broke'], rules: [] },
  };
}

/** Part `index` of `count`, with a verdict for each scenario as a run leaves it. */
function part(
  index: number,
  count: number,
  scenarios: SampleScenario[],
  differs: Partial<RunMeta> = {},
): string {
  const run = join(dir, `part-${index}-${Object.keys(differs).join('')}`);
  writeRun(run, scenarios);
  for (const { slug, verdict } of scenarios)
    writeFileSync(join(run, slug, 'verdict.json'), JSON.stringify(verdict));
  const meta = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunMeta;
  const command = `${meta.command} --shard ${index}/${count}`;
  writeFileSync(
    join(run, 'run.json'),
    JSON.stringify({ ...meta, command, shard: { index, count }, ...differs }),
  );
  return run;
}

const out = () => join(dir, 'out');
const merged = (...runs: string[]) => {
  mkdirSync(out(), { recursive: true });
  return mergeRuns(runs.map(openRun), out());
};

describe('parts of one run', () => {
  test('become one, in the order of the whole, with one verdict and one command', () => {
    const verdict = merged(part(2, 2, [scenario('b')]), part(1, 2, [scenario('a'), scenario('c')]));
    expect(verdict).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(verdict.scenarios.map((each) => each.scenario)).toEqual(['a', 'b', 'c']);
    const { meta, scenarios } = openRun(out());
    expect(meta).toMatchObject({ seed: 7, command: 'gauntlet run nightly --seed 7' });
    expect(meta.shard).toBeUndefined();
    expect(scenarios.every((each) => existsSync(each.dir))).toBe(true);
  });

  test('are as bad as the worst of them', () => {
    expect(merged(part(1, 2, [scenario('a')]), part(2, 2, [scenario('b', 'violation')]))).toMatchObject({
      verdict: 'violation',
      exitCode: 1,
    });
  });

  test('make one JUnit and one report', async () => {
    merged(part(1, 2, [scenario('a')]), part(2, 2, [scenario('b')]));
    await writeReports(out());
    const junit = readFileSync(join(out(), 'junit.xml'), 'utf8');
    expect(junit).toMatch(/name="a"[\s\S]*name="b"/);
  });

  test('may have folders of one name', () => {
    merged(part(1, 2, [{ ...scenario('a'), slug: '1-x' }]), part(2, 2, [{ ...scenario('b'), slug: '1-x' }]));
    expect(openRun(out()).scenarios.map(({ slug }) => slug)).toEqual(['1-x-part-1', '1-x-part-2']);
  });
});

describe('what is not there is not green', () => {
  test('a part that is missing is invalid, also when the merged run is judged again', () => {
    const verdict = merged(part(1, 3, [scenario('a')]), part(3, 3, [scenario('c')]));
    expect(verdict).toMatchObject({ verdict: 'invalid', exitCode: 3 });
    expect(verdict.scenarios.at(-1)).toMatchObject({
      scenario: 'part 2 of 3',
      reasons: ['part 2 of 3 is missing: what it was to show is not known'],
    });
    const { dir: folder, name } = openRun(out()).scenarios.at(-1)!;
    expect(judgeOrInvalid(folder, name).verdict.verdict).toBe('invalid');
  });

  test('a part that was killed is invalid, and a violation in it stays one', () => {
    const verdict = merged(
      part(1, 2, [scenario('a', 'violation')], { endedAt: null }),
      part(2, 2, [scenario('b')]),
    );
    expect(verdict.verdict).toBe('violation');
    expect(verdict.scenarios.at(-1)!.reasons).toEqual(['part 1 of 2 did not get to its end']);
    expect(openRun(out()).meta.endedAt).toBeNull();
  });

  test('a scenario that nobody judged is invalid', () => {
    const run = part(1, 1, [scenario('a')]);
    rmSync(join(run, '1-a'), { recursive: true });
    expect(merged(run).verdict).toBe('invalid');
  });
});

describe('what does not belong together is refused', () => {
  test('other seeds, each named', () => {
    const [one, two] = [part(1, 2, [scenario('a')]), part(2, 2, [scenario('b')], { seed: 8 })];
    expect(() => merged(one, two)).toThrow(
      `${two}: not of the same seed as the others (${one}: 7; ${two}: 8)`,
    );
  });

  test('another number of parts', () => {
    const [one, two] = [part(1, 2, [scenario('a')]), part(2, 3, [scenario('b')])];
    expect(() => merged(one, two)).toThrow('not of the same number of parts');
  });

  test('the same part twice', () => {
    const [one, two] = [part(1, 2, [scenario('a')]), part(1, 2, [scenario('b')], { kafka: null })];
    expect(() => merged(one, two)).toThrow('part 1 of 2 is there twice');
  });

  test('a scenario in two parts', () => {
    const [one, two] = [part(1, 2, [scenario('a')]), part(2, 2, [scenario('a')])];
    expect(() => merged(one, two)).toThrow('scenario "a": two parts hold it');
  });

  test('a whole run', () => {
    writeRun(join(dir, 'whole'), [scenario('a')]);
    expect(() => merged(join(dir, 'whole'))).toThrow('it is a whole run, not a part');
  });
});
