import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import { checkManifest } from './manifest.ts';

export interface EntryCheck {
  name: string;
  /** As it reads after "is damaged: "; undefined when every file is what was stored. */
  damage: string | undefined;
}

/** Hashes everything in the cache. A damaged entry needs no help: whoever uses it next makes it again. */
export async function checkCache(cache: Cache): Promise<EntryCheck[]> {
  const entries = join(cache.dir, 'entries');
  const names = (await readdir(entries)).sort();
  return Promise.all(
    names.map(async (name) => {
      const checked = await checkManifest(join(entries, name), 'full');
      return { name, damage: 'damage' in checked ? checked.damage : undefined };
    }),
  );
}
