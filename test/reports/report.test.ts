import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkLine } from '../../reports/report.ts';
import { reportOfScenarios, sampleReport } from './sample-report.ts';
import { leaderKill, neverFormed, noNetem } from './sample-run.ts';

const slug = 'leader-killed-then-isolated';
const damaged = (then: (folder: string) => void) =>
  reportOfScenarios([leaderKill(400)], (dir) => then(join(dir, slug))).scenarios[0]!;

test('a scenario that never got far names what was not recorded', () => {
  const [scenario] = reportOfScenarios([neverFormed()]).scenarios;
  expect(scenario!.absent).toEqual([
    'plan.json',
    'roles.ndjson',
    'ledger.json',
    'history.arrows',
    'outcome.json',
  ]);
  expect(scenario).toMatchObject({ traffic: undefined, damaged: [] });
});

test('a scenario without a folder is still told', () => {
  const [scenario] = reportOfScenarios([noNetem()], (dir) =>
    rmSync(join(dir, 'slow-links'), { recursive: true }),
  ).scenarios;
  expect(scenario!.judged.verdict).toBe('unsupported');
  expect(scenario!.files).toEqual([]);
});

test('a damaged file is named, and the rest is shown', () => {
  const scenario = damaged((folder) => writeFileSync(join(folder, 'ledger.json'), '{"reigns": ['));
  expect(scenario.damaged).toEqual([expect.stringContaining(`${slug}/ledger.json: not JSON`)]);
  expect(scenario.faults).toHaveLength(2);
});

test('a journal that ends in half a line gives its whole lines', () => {
  const whole = damaged(() => undefined).journal.length;
  const torn = damaged((folder) => appendFileSync(join(folder, 'journal.ndjson'), '{"atNs":1,"ki'));
  expect(torn.journal).toHaveLength(whole);
  expect(torn.damaged).toEqual([]);
});

test('half a line in the middle of a journal is damage, with its line', () => {
  const scenario = damaged((folder) => appendFileSync(join(folder, 'journal.ndjson'), '{"atNs":1,\n{}\n'));
  expect(scenario.damaged).toEqual([expect.stringMatching(/journal\.ndjson:21: not JSON/)]);
});

test('a run that was never judged is invalid, and so is each scenario without a verdict of its own', () => {
  const report = reportOfScenarios([leaderKill(400)], (dir) => {
    rmSync(join(dir, 'verdict.json'));
    rmSync(join(dir, slug, 'verdict.json'));
  });
  expect(report).toMatchObject({ verdict: 'invalid', exitCode: 3 });
  expect(report.scenarios[0]!.judged).toMatchObject({
    verdict: 'invalid',
    reasons: ['It was never judged.'],
  });
});

test('a scenario that stalled says in which phase', () => {
  const scenario = damaged((folder) =>
    writeFileSync(join(folder, 'outcome.json'), '{"kind":"stalled","phase":"heal","reason":"no leader"}'),
  );
  expect(scenario.cutShort).toBe('the ensemble did not come back in phase heal: no leader');
});

test('a finding brings its operations and those around them on the same node', () => {
  const [detail] = sampleReport().scenarios[1]!.findings;
  const path = detail!.ops[0]!.path;
  expect(detail!.ops.map(({ kind, phase }) => [kind, phase])).toEqual([
    ['setData', 'workload'],
    ['getData', 'final'],
  ]);
  expect(detail!.around.length).toBeGreaterThan(3);
  expect(detail!.around.every((op) => op.path === path)).toBe(true);
});

test('the lines to type survive a shell', () => {
  expect(checkLine("my runs/it's")).toBe(`gauntlet check 'my runs/it'\\''s'`);
});
