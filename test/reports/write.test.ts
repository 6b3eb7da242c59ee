import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { writeReports } from '../../reports/write.ts';
import { scratch } from './sample-report.ts';
import { writeSampleRun } from './sample-run.ts';

test('three reports stand at the top of the run directory, and nothing half-written beside them', async () => {
  const dir = scratch();
  writeSampleRun(dir);
  const before = readdirSync(dir);
  const written = await writeReports(dir);
  expect(readdirSync(dir).sort()).toEqual([...before, 'junit.xml', 'report.html', 'summary.md'].sort());
  expect(readFileSync(written.junit, 'utf8')).toMatch(/^<\?xml/);
  expect(readFileSync(written.html, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(readFileSync(written.summary, 'utf8')).toMatch(/^## /);
});

test('older reports are replaced', async () => {
  const dir = scratch();
  writeSampleRun(dir);
  writeFileSync(join(dir, 'summary.md'), 'old');
  const { summary } = await writeReports(dir);
  expect(readFileSync(summary, 'utf8')).not.toContain('old\n');
});

test('a report that cannot be put in place leaves no half behind', async () => {
  const dir = scratch();
  writeSampleRun(dir);
  mkdirSync(join(dir, 'report.html', 'in the way'), { recursive: true });
  await expect(writeReports(dir)).rejects.toThrow(/report\.html/);
  expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a directory that holds no run is trouble, not a crash', async () => {
  await expect(writeReports(scratch())).rejects.toThrow(Trouble);
});
