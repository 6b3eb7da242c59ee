import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCoverage, readNight } from '../../harness/nightly/coverage-file.ts';
import { openRun } from '../../harness/run/run-directory.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test.skipIf(machineLacks)(
  `a part of a night runs its own scenario, and merged alone it is not green${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  { timeout: 240_000 },
  async () => {
    const part = join(out, 'part');
    const coverage = join(out, 'all-nights.json');
    const night = ['run', 'nightly', '--seed', '19', '--backend', 'sandbox', '--coverage', coverage];
    const { code, output } = await gauntlet([...night, '--shard', '2/2', '--for', '1s', '--out', part]);
    expect(code, output).toBe(0);
    expect(output).toMatch(/nightly · seed 19 · ZooKeeper 3\.9\.5 · for 1s/);
    const { meta } = openRun(part);
    expect(meta).toMatchObject({ suite: 'nightly', shard: { index: 2, count: 2 } });
    // The time was over before a second one could begin.
    expect(meta.scenarios).toHaveLength(1);
    const seen = readNight(part)!.tonight;
    expect(seen).not.toEqual([]);
    // A part of a night is added when it is merged.
    expect(readCoverage(coverage).nights).toEqual([]);

    const whole = join(out, 'whole');
    const merged = await gauntlet(['merge', part, '--out', whole, '--coverage', coverage]);
    expect(merged.code, merged.output).toBe(3);
    expect(merged.output).toContain('part 1 of 2 is missing');
    expect(readCoverage(coverage)).toEqual({ format: 1, nights: [meta.startedAt], cells: seen });
    expect(readFileSync(join(whole, 'junit.xml'), 'utf8')).toContain('part 1 of 2');
    expect(readFileSync(join(whole, 'report.html'), 'utf8')).toContain('<h2 id="coverage-h">');

    const again = await gauntlet(['check', whole]);
    expect(again.code, again.output).toBe(3);
    const trend = await gauntlet(['trend', out]);
    expect(trend.code, trend.output).toBe(0);
    expect(trend.output).toContain('nightly on ZooKeeper 3.9.5, sandbox: 1 night\n');
    expect(trend.output).toContain('! invalid');
  },
);

test.each([
  [['run', 'quick', '--for', '10m'], '--for: only `run nightly` knows it'],
  [['run', 'nightly', 'quick'], 'nightly runs alone'],
  [['run', 'nightly', '--for', 'long'], '--for long: no length of time'],
  [['run', 'nightly', '--scenarios', '0'], '--scenarios 0: not a number of scenarios'],
  [['run', 'nightly', '--filter', 'kill'], 'give the number before the name of one'],
  [['merge', join(out, 'nothing')], 'run.json: not recorded'],
  [['trend', join(out, 'nothing')], 'no run is there'],
])('%j is refused in words', async (args, words) => {
  const { code, stderr } = await gauntlet(args);
  expect(stderr).toContain(words);
  expect(code).toBeGreaterThanOrEqual(2);
});
