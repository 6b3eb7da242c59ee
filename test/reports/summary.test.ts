import { beforeAll, expect, test } from 'vitest';
import type { RunReport } from '../../reports/report.ts';
import { renderSummary } from '../../reports/summary.ts';
import { reportOfScenarios, sampleReport } from './sample-report.ts';
import { neverFormed, partition } from './sample-run.ts';

let report: RunReport;
beforeAll(() => {
  report = sampleReport();
});

test('begins with the verdict in a word and a sign', () => {
  expect(renderSummary(report)).toMatch(
    /^## ✘ gauntlet nightly: violation\n\n4 scenarios: 1 pass, 1 violation, 1 invalid, 1 unsupported\./,
  );
});

test('has a row for every scenario, with faults, leaders, acknowledged writes and the longest time without one', () => {
  const row = renderSummary(report)
    .split('\n')
    .find((line) => line.startsWith('| leader killed'));
  const acked = report.scenarios[0]!.traffic!.totals.writes.toLocaleString('en-US');
  expect(row).toBe(`| leader killed, then isolated | ✔ pass | 2 | 3 | ${acked} | 2.2 s | 1 min 2 s |`);
});

test('says "not recorded" where nothing was', () => {
  expect(renderSummary(report)).toContain('| slow links | – unsupported | not recorded | not recorded |');
});

test('tells findings in words, and what did not pass for another reason', () => {
  const text = renderSummary(report);
  expect(text).toContain('After the heal zk4 says that there is no such node');
  expect(text).toContain('- even number of voters (invalid): The ensemble did not serve within 30 s.');
});

test('ends with the lines that repeat the run', () => {
  expect(renderSummary(report)).toContain(report.meta.command);
  expect(renderSummary(report)).toContain('gauntlet run nightly --seed 7');
});

test('takes at most 60 lines for 12 scenarios that all went wrong', () => {
  const scenarios = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? partition() : neverFormed()));
  const twelve = { ...report, scenarios: reportOfScenarios(scenarios.slice(0, 2)).scenarios };
  const many = { ...twelve, scenarios: scenarios.map((_, i) => twelve.scenarios[i % 2]!) };
  expect(renderSummary(many).split('\n').length).toBeLessThanOrEqual(60);
});

test('a name cannot break the table or enter the page as markup', () => {
  const [scenario] = report.scenarios;
  const text = renderSummary({
    ...report,
    scenarios: [{ ...scenario!, name: 'a | b\n<img src=x> `c` [d](e)' }],
  });
  expect(text).toContain('| a &#124; b &lt;img src=x&gt; \\`c\\` \\[d\\](e) |');
});

test('a run without scenarios says that nothing ran', () => {
  expect(renderSummary({ ...report, verdict: 'invalid', scenarios: [] })).toContain(
    '0 scenarios: nothing ran.',
  );
});
