import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf, Trouble } from '../base/trouble.ts';
import { added, type Coverage } from './coverage.ts';

/** In a night's run directory: what it covered itself, and what nights before it had. */
export const nightFile = 'coverage.json';
export interface NightCoverage {
  before: CoverageFile;
  tonight: Coverage;
}

const cellsSchema = z.array(
  z.strictObject({
    fault: z.string(),
    role: z.string(),
    phase: z.enum(['election', 'discovery', 'synchronization', 'broadcast']),
    version: z.string(),
    workload: z.string(),
    times: z.int().min(1),
  }),
);
const fileSchema = z.strictObject({
  format: z.literal(1),
  /** When nights that were added began; a night is added once. */
  nights: z.array(z.string()),
  cells: cellsSchema,
});
const nightSchema = z.strictObject({ before: fileSchema, tonight: cellsSchema });

/** What all nights so far have covered. */
export interface CoverageFile {
  format: 1;
  nights: string[];
  cells: Coverage;
}

const noNights: CoverageFile = { format: 1, nights: [], cells: [] };

/** The file, or nothing covered where there is none. A damaged one is a Trouble that names it: what is lost is told, not made up. */
export function readCoverage(path: string): CoverageFile {
  return existsSync(path) ? read(path, fileSchema) : noNights;
}

/** Of the run in this directory; undefined where it is no night. A Trouble when its file is damaged. */
export function readNight(directory: string): NightCoverage | undefined {
  const path = join(directory, nightFile);
  return existsSync(path) ? read(path, nightSchema) : undefined;
}

function read<T>(path: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Trouble(path, `not a coverage file (${messageOf(cause)})`, remedy, { cause });
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const field = z.core.toDotPath(issue?.path ?? []);
  throw new Trouble(path, `not a coverage file (${field || 'top'}: ${issue?.message})`, remedy, {
    cause: error,
  });
}

/** A night is added once, however often it is asked for. */
export function withNight(file: CoverageFile, startedAt: string, tonight: Coverage): CoverageFile {
  if (file.nights.includes(startedAt)) return file;
  return { format: 1, nights: [...file.nights, startedAt], cells: added(file.cells, tonight) };
}

const remedy = 'restore it from a backup, or move it away to begin anew';
