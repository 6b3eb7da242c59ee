import { tsImport } from 'tsx/esm/api';

/** The default export of a user's own module, TypeScript included, wherever this runs from. `url` is a file's. */
export async function importDefault(url: string): Promise<unknown> {
  const { default: value } = (await tsImport(url, import.meta.url)) as { default?: unknown };
  // In a folder whose package.json does not say "type": "module" the loader wraps the exports once more.
  const wrapped = typeof value === 'object' && value !== null && 'default' in value;
  return wrapped ? value.default : value;
}
