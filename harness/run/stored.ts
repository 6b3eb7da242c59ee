import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { BackendName } from '../backend/backend.ts';
import { messageOf, Trouble } from '../base/trouble.ts';
import type { StoredScenario } from './run-directory.ts';

/** scenario.json: the scenario with everything decided that is not a draw, and where it ran. */
export type ScenarioFile = StoredScenario & { backend: BackendName };

/** Our own JSON files need no schema, only a clear word when they are missing or damaged. */
export function readStored<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (cause) {
    throw new Trouble(path, messageOf(cause), 'the run directory is damaged or not one of ours', { cause });
  }
}

/** Whole or not at all. */
export function store(path: string, value: unknown): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(`${path}.part`, path);
}
