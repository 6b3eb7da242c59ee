import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for a test file's files, removed at its end. */
export function temporaryFiles(): {
  pathOf(name: string): string;
  write(name: string, text: string): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-lin-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const pathOf = (name: string) => join(folder, name);
  return {
    pathOf,
    write(name, text) {
      writeFileSync(pathOf(name), text);
      return pathOf(name);
    },
  };
}
