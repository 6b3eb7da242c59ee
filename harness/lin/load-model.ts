import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { findNamed } from '../base/find-named.ts';
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
    const module = (await tsImport(pathToFileURL(resolve(path)).href, import.meta.url)) as Record<
      string,
      unknown
    >;
    const value = module.default as Record<string, unknown> | undefined;
    // In a folder whose package.json does not say "type": "module" the loader wraps the exports once more.
    return value !== undefined && 'default' in value ? (value.default as Record<string, unknown>) : value;
  } catch (error) {
    throw usage(path, messageOf(error), 'give a module that can be loaded', error);
  }
}
