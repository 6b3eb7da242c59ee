import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { importDefault } from '../base/import-default.ts';
import { messageOf, usage } from '../base/trouble.ts';
import { defineSuite } from './define.ts';
import type { Suite, SuiteInput } from './scenario.ts';

const scenarioFile = /\.(suite\.[mc]?[tj]s|ya?ml)$/;

export const isScenarioFile = (word: string) => scenarioFile.test(word);

/** A user's own suite, TypeScript included, wherever this runs from: the default export of a .suite.ts, or a YAML document. One scenario alone is a suite of one. */
export async function loadSuite(path: string): Promise<Suite> {
  const value = /ya?ml$/.test(path) ? await fromYaml(path) : await fromModule(path);
  return defineSuite(asSuite(value, path), path);
}

async function fromYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw usage(path, messageOf(error), 'give a readable YAML file', error);
  }
}

async function fromModule(path: string): Promise<unknown> {
  try {
    const value = await importDefault(pathToFileURL(resolve(path)).href);
    if (value !== undefined) return value;
  } catch (error) {
    throw usage(path, messageOf(error), 'give a module that can be loaded', error);
  }
  throw usage(path, 'it has no default export', 'write `export default { name, scenarios: [...] }`');
}

function asSuite(value: unknown, path: string): SuiteInput {
  const isScenario = typeof value === 'object' && value !== null && !('scenarios' in value);
  if (!isScenario) return value as SuiteInput;
  const name = basename(path)
    .replace(scenarioFile, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return { name, scenarios: [value] } as SuiteInput;
}
