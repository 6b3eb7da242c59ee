import { type LintReport, lint } from '../../harness/lint/lint.ts';
import type { Disk } from '../../harness/lint/model.ts';

/** A machine that has nothing but these files, and these empty directories. */
export function diskOf(files: Record<string, string>, empty: readonly string[] = []): Disk {
  return {
    read: (path) => files[path],
    list: (path) => (empty.includes(path) ? [] : undefined),
  };
}

/** Lints files that are nowhere but in the test. */
export function linted(
  files: Record<string, string>,
  { release = '3.9.5', disk = diskOf({}) }: { release?: string; disk?: Disk } = {},
): LintReport {
  const inputs = Object.entries(files).map(([file, text]) => ({ file, text }));
  return lint(inputs, { release, disk });
}

/** Which checks speak, each once, in alphabetical order. */
export const idsIn = ({ problems }: LintReport) => [...new Set(problems.map(({ check }) => check))].sort();
