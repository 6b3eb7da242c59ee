import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rules } from '../harness/rule/catalogue.ts';
import { openRun } from '../harness/run/run-directory.ts';
import { readAssets } from './html/assets.ts';
import { renderHtml } from './html/page.ts';
import { renderJunit } from './junit.ts';
import { reportOf } from './report.ts';
import { renderSummary } from './summary.ts';
import { renderUpgradeJunit } from './upgrade/junit.ts';
import { renderUpgrade } from './upgrade/page.ts';
import { renderUpgradeSummary } from './upgrade/summary.ts';
import { upgradeIn } from './upgrade/upgrade-report.ts';

/** Paths of what was written, under the run directory. */
export interface WrittenReports {
  junit: string;
  html: string;
  summary: string;
}

/**
 * Writes junit.xml, report.html and summary.md at the top of a run directory, over older ones; of an upgrade upgrade.html too. Each appears whole or
 * not at all. A Trouble when the directory holds no run.
 */
export async function writeReports(dir: string): Promise<WrittenReports> {
  const run = openRun(dir);
  const report = reportOf(run);
  const guarantees = new Map(rules.map(({ name, guarantee }) => [name, guarantee]));
  // Of an upgrade the job summary and JUnit say whether to go.
  const upgrade = upgradeIn(run, report);
  const [junit, html, summary] = await Promise.all([
    writeWhole(join(dir, 'junit.xml'), upgrade ? renderUpgradeJunit(upgrade) : renderJunit(report)),
    writeWhole(join(dir, 'report.html'), renderHtml(report, guarantees, readAssets())),
    writeWhole(join(dir, 'summary.md'), upgrade ? renderUpgradeSummary(upgrade) : renderSummary(report)),
    ...(upgrade ? [writeWhole(join(dir, 'upgrade.html'), renderUpgrade(upgrade))] : []),
  ]);
  return { junit, html, summary };
}

/** Whole or not at all; the path. */
export async function writeWhole(path: string, text: string): Promise<string> {
  const half = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(half, text);
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
  return path;
}
