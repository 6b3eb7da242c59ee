import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded } from './asked.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** The recordings of fixtures/record.ts, by ZooKeeper version. */
export const recordings = readdirSync(fixtures).filter((name) => /^3\./.test(name));

export const folderOf = (version: string) => join(fixtures, version);
export const logOf = (version: string) => join(fixtures, version, 'log.1');
export const snapshotsOf = (version: string) =>
  readdirSync(folderOf(version)).flatMap((name) =>
    name.startsWith('snapshot.') ? [join(folderOf(version), name)] : [],
  );
export const recordedOf = (version: string): Recorded =>
  JSON.parse(readFileSync(join(folderOf(version), 'recorded.json'), 'utf8'));
