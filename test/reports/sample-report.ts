import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRun } from '../../harness/run/run-directory.ts';
import { type RunReport, reportOf } from '../../reports/report.ts';
import { type SampleScenario, writeRun, writeSampleRun } from './sample-run.ts';

/** The sample run, written, read back and gone again. */
export function sampleReport(): RunReport {
  return inDirectory((dir) => {
    writeSampleRun(dir);
    return reportOf(openRun(dir));
  });
}

export function reportOfScenarios(
  scenarios: SampleScenario[],
  then: (dir: string) => void = () => undefined,
): RunReport {
  return inDirectory((dir) => {
    writeRun(dir, scenarios);
    then(dir);
    return reportOf(openRun(dir));
  });
}

function inDirectory<T>(work: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'gauntlet-report-'));
  try {
    return work(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A directory of the running test's own. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'gauntlet-report-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}
