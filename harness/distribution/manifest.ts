import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';

const fileSchema = z.strictObject({
  /** Relative to the manifest. */
  name: z.string(),
  bytes: z.int(),
  mtimeMs: z.number(),
  sha256: z.string(),
});
const manifestSchema = z.strictObject({ files: z.array(fileSchema).min(1) });
export type Manifest = z.infer<typeof manifestSchema>;

/** How far to look: `quick` hashes only files whose size or time changed, `full` hashes all. */
export type Depth = 'quick' | 'full';

const fileName = 'manifest.json';

/** Records every file of `dir/<folder>` in `dir/manifest.json`. */
export async function writeManifest(dir: string, folder: string): Promise<void> {
  const names = (await readdir(join(dir, folder))).sort();
  const files = await Promise.all(
    names.map(async (base) => {
      const name = join(folder, base);
      const { size, mtimeMs } = await stat(join(dir, name));
      return { name, bytes: size, mtimeMs, sha256: await sha256(join(dir, name)) };
    }),
  );
  const manifest: Manifest = { files };
  await writeFile(join(dir, fileName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The manifest when everything is as recorded; otherwise what is wrong, as it reads after "is damaged: ". */
export async function checkManifest(dir: string, depth: Depth): Promise<Manifest | { damage: string }> {
  const manifest = await readManifest(dir);
  if ('damage' in manifest) return manifest;
  for (const file of manifest.files) {
    const path = join(dir, file.name);
    const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (info === undefined) return { damage: `${file.name} is missing` };
    const untouched = info.size === file.bytes && info.mtimeMs === file.mtimeMs;
    if (untouched && depth === 'quick') continue;
    if ((await sha256(path)) !== file.sha256) return { damage: `${file.name} is not what was fetched` };
  }
  return manifest;
}

async function readManifest(dir: string): Promise<Manifest | { damage: string }> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(dir, fileName), 'utf8')));
  } catch (error) {
    const readable = error instanceof SyntaxError || error instanceof z.ZodError;
    if (!readable && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { damage: `${fileName} is ${readable ? 'no manifest' : 'missing'}` };
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
