import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Coverage } from '../nightly/coverage.ts';
import { readCoverage, withNight } from '../nightly/coverage-file.ts';
import { coverageIn } from '../nightly/seen.ts';
import { scenarioIn } from '../run/run-directory.ts';
import { store } from '../run/stored.ts';

/** What one judged scenario covered; nothing when it did not get as far as a ledger. */
export function scenarioCoverage(folder: string): Coverage {
  if (!existsSync(join(folder, 'ledger.json'))) return [];
  const record = scenarioIn(folder);
  const { topology, workload } = record.scenario();
  return coverageIn({
    journal: record.journal(),
    ledger: record.ledger(),
    topology,
    workload: workload.use,
  });
}

/** Adds a night to the file, as it is by then, and tells. Whole or not at all. */
export function keepCoverage(path: string, startedAt: string, tonight: Coverage): string[] {
  const before = readCoverage(path);
  const after = withNight(before, startedAt, tonight);
  store(path, after);
  const news = after.cells.length - before.cells.length;
  return [
    '',
    `coverage ${path}: ${after.cells.length} kinds of faults seen, ${news} of them for the first time`,
  ];
}
