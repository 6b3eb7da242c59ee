import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StoredClaim } from '../../harness/run/claim-table.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import type { RunMeta } from '../../harness/run/run-directory.ts';
import { readAssets } from '../../reports/html/assets.ts';
import { renderHtml } from '../../reports/html/page.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { RunReport } from '../../reports/report.ts';
import { renderSummary } from '../../reports/summary.ts';
import { all, parseJunit } from './junit-schema.ts';
import { reportOfScenarios } from './sample-report.ts';
import { leaderKill, neverFormed, partition, type SampleScenario } from './sample-run.ts';

const expectation = (met: boolean): JournalEntry => ({
  atNs: 50e9,
  kind: 'expectation',
  step: 0,
  what: 'zk3 leads',
  met,
  seen: met ? 'zk3 leads, zk1 and zk2 follow; after 812 ms' : 'zk1 leads',
  tookMs: 812,
});

function turn(base: SampleScenario, release: string, met = true): SampleScenario {
  const name = `${base.name} (${release})`;
  return {
    ...base,
    name,
    slug: `${release}-${base.slug}`,
    verdict: { ...base.verdict, scenario: name },
    ...(base.scenario && { scenario: { ...base.scenario, name, rules: ['durability'] } }),
    ...(base.journal && { journal: [...base.journal, expectation(met)] }),
  };
}

const claim = (id: string, scenarios: SampleScenario[]): StoredClaim => ({
  id,
  title: `title of ${id}`,
  claim: `Guides say <b>${id}</b>.`,
  law: `The law of ${id}.`,
  scenarios: scenarios.map(({ slug }) => slug),
});

const killed = ['3.9.5', '3.4.14'].map((release, i) => turn(leaderKill(400), release, i === 0));
const split = ['3.9.5', '3.4.14'].map((release) => turn(partition(), release));
const pinned: SampleScenario = { ...neverFormed(), name: 'pinned', slug: '5-pinned' };
delete pinned.journal;

function reportWith(claims: StoredClaim[] | undefined): RunReport {
  const scenarios = [...killed, ...split, pinned];
  return reportOfScenarios(scenarios, (dir) => {
    const path = join(dir, 'run.json');
    const meta = JSON.parse(readFileSync(path, 'utf8')) as RunMeta;
    meta.zookeeper = ['3.9.5', '3.4.14', '3.4.6'];
    for (const each of meta.scenarios) each.release = /\((.*)\)/.exec(each.name)?.[1] ?? '3.4.6';
    if (claims) meta.claims = claims;
    writeFileSync(path, JSON.stringify(meta));
  });
}

const report = reportWith([
  claim('C08', killed),
  claim('C12', [...killed, ...split]),
  claim('C27', [pinned]),
]);
const page = renderHtml(report, new Map(), readAssets());

test('a claim has a verdict on each release, and what never began is not run', () => {
  expect(report.claims!.releases).toEqual(['3.4.6', '3.4.14', '3.9.5']);
  expect(report.claims!.rows.map(({ claim: { id }, verdicts }) => [id, ...verdicts])).toEqual([
    ['C08', undefined, 'pass', 'pass'],
    ['C12', undefined, 'violation', 'violation'],
    ['C27', 'not run', undefined, undefined],
  ]);
});

test('turns of one scenario are one proof, with what was seen on each release', () => {
  const [proof, ...others] = report.claims!.rows[0]!.proofs;
  expect(others).toEqual([]);
  expect(proof!.name).toBe('leader killed, then isolated');
  expect(proof!.turns.map(({ scenario }) => scenario.release)).toEqual(['3.4.14', '3.9.5']);
  const [older, newer] = proof!.turns.map(({ seen }) => seen);
  expect(newer).toContain('led: zk3 in epoch 1, zk2 in epoch 2, zk3 in epoch 3');
  expect(newer).toContain('✔ zk3 leads: zk3 leads, zk1 and zk2 follow; after 812 ms');
  expect(older).toContain('✘ zk3 leads: zk1 leads');
  expect(proof!.turns[0]!.rules).toHaveLength(1);
  expect(proof!.turns[0]!.rules[0]).toMatch(/^durability: /);
});

test('a breach is told where the claim stands', () => {
  const seen = report.claims!.rows[1]!.proofs[1]!.turns[0]!.seen;
  expect(seen.join('\n')).toContain('is gone on zk4');
});

describe('the page', () => {
  test('has a row a claim, with its texts as text and links to its scenarios', () => {
    expect(page).toContain('<section id="claims"');
    expect(page).toContain('<tbody id="claim-C12">');
    expect(page).toContain('Guides say &lt;b&gt;C12&lt;/b&gt;.');
    expect(page).toContain('Precisely: The law of C12.');
    expect(page).toContain(`href="#s-${killed[1]!.slug}">3.4.14</a>`);
  });

  test('marks what was not run with a word', () => {
    expect(page).toMatch(/id="claim-C27">.*badge not-run.*not run/s);
  });
});

test('the summary has a line a claim and a column a release', () => {
  const lines = renderSummary(report).split('\n');
  expect(lines).toContain('| claim | 3.4.6 | 3.4.14 | 3.9.5 |');
  expect(lines).toContain('| C12 title of C12 |  | ✘ violation | ✘ violation |');
  expect(lines).toContain('| C27 title of C27 | ○ not run |  |  |');
});

test('JUnit has a suite a release, each with its claims as properties', () => {
  const { root, breaches } = parseJunit(renderJunit(report));
  expect(breaches).toEqual([]);
  const suites = all(root, 'testsuite').map((suite) => ({
    name: suite.attributes.name,
    ...Object.fromEntries(all(suite, 'property').map(({ attributes: a }) => [a.name, a.value])),
  }));
  expect(suites).toMatchObject([
    { name: 'nightly on 3.9.5', zookeeper: '3.9.5', 'claim C08': 'pass', 'claim C12': 'violation' },
    { name: 'nightly on 3.4.14', zookeeper: '3.4.14', 'claim C08': 'pass', 'claim C12': 'violation' },
    { name: 'nightly on 3.4.6', zookeeper: '3.4.6', verdict: 'invalid', 'claim C27': 'not run' },
  ]);
  expect(suites[0]).not.toHaveProperty('claim C27');
});

test('a run without claims has no table anywhere', () => {
  const bare = reportWith(undefined);
  expect(bare.claims).toBeUndefined();
  expect(renderHtml(bare, new Map(), readAssets())).not.toContain('id="claims"');
  expect(renderSummary(bare)).not.toContain('### Claims');
  expect(renderJunit(bare)).not.toContain('"claim C');
});
