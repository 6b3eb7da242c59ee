import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sent } from '../../../harness/history/records.ts';
import { openRun, recordsFile } from '../../../harness/run/run-directory.ts';
import { askedFile, type UpgradeAsked } from '../../../reports/upgrade/asked.ts';
import { writeReports } from '../../../reports/write.ts';
import { all, parseJunit } from '../junit-schema.ts';
import { scratch } from '../sample-report.ts';
import { writeSampleRun } from '../sample-run.ts';

/** The sample run, which breaks a promise on 3.9.5, as an upgrade. */
async function written(asked: Partial<UpgradeAsked> = {}, records: readonly Sent[] = []) {
  const dir = scratch();
  const { scenarios } = writeSampleRun(dir);
  if (records.length > 0) {
    const { slug } = openRun(dir).scenarios.find(({ name }) => name === scenarios[0]!.scenario)!;
    const file = join(dir, slug, 'scenario.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), records: {} }));
    writeFileSync(join(dir, slug, recordsFile), records.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  const all: UpgradeAsked = { from: '3.8.6', to: '3.9.5', knownBugs: [], ...asked };
  writeFileSync(join(dir, askedFile), JSON.stringify(all));
  await writeReports(dir);
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  return { page: read('upgrade.html'), summary: read('summary.md'), junit: read('junit.xml') };
}

test('of an upgrade the page, the summary and JUnit say no-go, and why', async () => {
  const { page, summary, junit } = await written();
  expect(page).toMatch(/<title>no-go: ZooKeeper 3\.8\.6 to 3\.9\.5<\/title>/);
  expect(page).toMatch(/<h2>Why not<\/h2>\s*<ul[^>]*><li><a href="report.html#s-/);
  expect(summary).toMatch(/^## ✘ ZooKeeper 3\.8\.6 to 3\.9\.5: no-go\n/);
  const { root, breaches } = parseJunit(junit);
  expect(breaches).toEqual([]);
  const answer = all(root, 'testcase').find(({ attributes }) => attributes.name === 'go or no-go')!;
  expect(answer.children.map(({ name }) => name)).toContain('failure');
});

test('what breaks on the old release alone is told, and leaves JUnit green for it', async () => {
  // Nothing of this run was about the new release.
  const { page, summary, junit } = await written({ to: '3.9.9' });
  expect(summary).toMatch(/^## ! ZooKeeper 3\.8\.6 to 3\.9\.9: invalid/);
  expect(page).toContain('Told, and not counted');
  expect(page).not.toContain('<h2>Why not</h2>');
  const { root } = parseJunit(junit);
  expect(all(root, 'failure')).toEqual([]);
});

test('the page needs nothing else and takes every text literally', async () => {
  const evil = '<script>alert(1)</script>';
  const { page } = await written({
    config: { file: evil, carried: { tickTime: '1' }, left: [{ line: 3, text: evil, why: 'x' }] },
    knownBugs: [{ id: 'ZOOKEEPER-1', breaks: evil }],
  });
  expect(page).not.toContain('<script');
  expect(page).toContain("default-src 'none'");
  expect(page.match(/&lt;script&gt;alert/g)).toHaveLength(3);
});

test('with brokers on top records are counted beside writes, with the longest time without one', async () => {
  const sent = (value: string, returnedMs: number, outcome: Sent['outcome']): Sent => ({
    ...{ kind: 'sent', producer: 'p0', partition: 0, value, outcome },
    ...{ invokedNs: returnedMs * 1e6 - 1, returnedNs: returnedMs * 1e6 },
  });
  const records = [
    sent('a', 1000, 'ok'),
    sent('b', 1200, 'ok'),
    sent('c', 4000, 'unknown'),
    sent('d', 5200, 'ok'),
  ];
  const { page, summary } = await written({ kafka: '3.9.2' }, records);
  expect(page).toContain('<th scope="col" class="num">acked records</th>');
  expect(page).toMatch(/<td class="num">3<\/td><td class="num">4\.00? s<\/td><\/tr>/);
  expect(summary).toContain('Kafka 3.9.2 on top');
  const { page: without } = await written();
  expect(without).not.toContain('acked records');
});
