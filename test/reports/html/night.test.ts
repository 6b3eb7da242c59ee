import { expect, test } from 'vitest';
import { coverageReport } from '../../../reports/coverage.ts';
import { readAssets } from '../../../reports/html/assets.ts';
import { renderHtml } from '../../../reports/html/page.ts';
import { sampleReport } from '../sample-report.ts';

const covered = coverageReport({
  before: { format: 1, nights: [], cells: [] },
  tonight: [
    { fault: 'kill', role: 'leader', phase: 'broadcast', version: '3.9.5', workload: 'mixed', times: 3 },
  ],
});
const sample = sampleReport();
const passed = sample.scenarios.find(({ judged }) => judged.verdict === 'pass')!;
const broken = sample.scenarios.find(({ judged }) => judged.verdict === 'violation')!;
const night = (scenarios: typeof sample.scenarios) =>
  renderHtml({ ...sample, coverage: covered, scenarios }, new Map(), readAssets());

test('a night shows what was covered', () => {
  const page = night(sample.scenarios);
  expect(page).toContain('<h2 id="coverage-h">Coverage</h2>');
  expect(page).toMatch(/kill leader<\/td>.*<b>3<\/b> <span class="muted">\/ 3<\/span>/);
});

test('of a hundred scenarios those that passed are listed, and the others told in full, with no link into nothing', () => {
  const many = Array.from({ length: 99 }, (_, i) => ({ ...passed, name: `night ${i}`, slug: `night-${i}` }));
  const page = night([...many, broken]);
  expect(page).toContain('night 98');
  expect(page.match(/<details class="scenario"/g)).toHaveLength(1);
  expect(page).toContain(`href="#s-${broken.slug}"`);
  expect(page).not.toContain('href="#s-night-98"');
});
