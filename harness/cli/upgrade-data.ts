import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Trouble } from '../base/trouble.ts';
import { type DataDirectory, openDataDirectory, versionFolder } from '../datadir/data-directory.ts';

/** A data directory as the operator gave it: only looked at. Throws usage errors that name it. */
export function lookAtData(given: string): { given: string; found: DataDirectory } {
  return { given, found: openDataDirectory(given) };
}

/** Everything below this is copied for every server into memory, three times a scenario. */
export const dataBytesMax = 2 ** 30;

/**
 * Copies logs, snapshots and epochs into `folder`; the original is never written to. One copy for the whole run, so that
 * all servers begin alike while the operator's own server writes on.
 */
export function copyData({ given, found }: ReturnType<typeof lookAtData>, folder: string): void {
  const below = join(folder, versionFolder);
  try {
    mkdirSync(below, { recursive: true });
    for (const { path, name } of [...found.snapshots, ...found.logs]) copyFileSync(path, join(below, name));
    const { current, accepted } = found.epochs;
    if (current !== undefined) writeFileSync(join(below, 'currentEpoch'), `${current}`);
    if (accepted !== undefined) writeFileSync(join(below, 'acceptedEpoch'), `${accepted}`);
  } catch (cause) {
    throw new Trouble(`--data ${given}`, `cannot be copied (${messageOf(cause)})`, 'make it readable', {
      cause,
    });
  }
}
