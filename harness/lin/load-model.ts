import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNamed } from '../base/find-named.ts';
import { importDefault } from '../base/import-default.ts';
import { messageOf, usage } from '../base/trouble.ts';
import { type KnownModel, knownModels } from './catalogue.ts';
import type { Model } from './model.ts';

const functions = ['init', 'step', 'key', 'partition'] as const;

/** A model of ours by its name, or the default export of a user's file. */
export async function loadModel(word: string): Promise<{ model: Model } & Partial<KnownModel>> {
  if (!/\.[mc]?[jt]s$/.test(word)) {
    const orElse = ', or a file like ./my-model.ts';
    return findNamed(knownModels, word, { field: '--model', kind: 'model', orElse });
  }
  const model = await defaultExport(word);
  const missing = functions.filter((name) => typeof model?.[name] !== 'function');
  if (missing.length > 0)
    throw usage(
      word,
      `its default export has no function ${missing.join(', ')}`,
      `a model is ${functions.join(', ')}`,
    );
  return { model: model as unknown as Model };
}

async function defaultExport(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value = await importDefault(pathToFileURL(resolve(path)).href);
    return value as Record<string, unknown> | undefined;
  } catch (error) {
    throw usage(path, messageOf(error), 'give a module that can be loaded', error);
  }
}
