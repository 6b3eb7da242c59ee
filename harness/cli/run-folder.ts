import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf, Trouble, usage } from '../base/trouble.ts';

/** What the sandbox covers with a file system of its own (network.ts): a folder there would not be seen inside. */
const hidden = /^\/run(\/|$)/;

/**
 * An empty run directory. Without --out it goes to runs/ here, or, where that cannot be written, to a folder of this
 * user under the system's temporary directory, and says so.
 */
export async function makeRunDirectory(
  out: string | undefined,
  suite: string,
  seed: number,
  say: (line: string) => void,
): Promise<string> {
  if (out !== undefined) return emptied(resolve(out), `--out ${out}`);
  const stamp = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
  const name = `${stamp}-${suite}-${seed}`;
  const here = resolve('runs', name);
  try {
    return await emptied(here, here);
  } catch (error) {
    const code = (error as { cause?: NodeJS.ErrnoException }).cause?.code;
    if (code !== 'EACCES' && code !== 'EROFS') throw error;
    const elsewhere = join(tmpdir(), `zk-gauntlet-${process.getuid?.() ?? 'user'}`, 'runs', name);
    say(`runs/ here cannot be written (${code}); writing to ${elsewhere}`);
    return emptied(elsewhere, elsewhere);
  }
}

async function emptied(path: string, thing: string): Promise<string> {
  if (hidden.test(path))
    throw usage(thing, 'the sandbox has a /run of its own', 'give a directory outside /run');
  try {
    await mkdir(path, { recursive: true });
    if ((await readdir(path)).length > 0) {
      throw usage(thing, 'the directory is not empty', 'give a new one, or remove it');
    }
    return path;
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble(thing, `cannot be made (${messageOf(cause)})`, 'give a directory you may write to', {
      cause,
    });
  }
}
