import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const module = 'github.com/anishathalye/porcupine@v1.3.1';

export interface PorcupineData {
  ok: boolean;
  /** Why it is not there. */
  reason: string;
  /** Its `test_data`. */
  path: string;
  dispose(): void;
}

/**
 * The test data of Porcupine's Go module: from the module cache of this machine if it is there, else fetched through the Go
 * proxy into a temporary folder. Nothing of it is kept in this project.
 */
export function porcupineTestData(): PorcupineData {
  const folder = mkdtempSync(join(tmpdir(), 'porcupine-'));
  const dispose = () => {
    makeWritable(folder);
    rmSync(folder, { recursive: true });
  };
  const none = (reason: string) => ({ ok: false, reason, path: '', dispose });
  const cached = spawnSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' });
  if (cached.error) return none(`go: ${cached.error.message}`);
  const known = join(cached.stdout.trim(), module, 'test_data');
  if (existsSync(known)) return { ok: true, reason: '', path: known, dispose };
  const fetched = spawnSync('go', ['mod', 'download', '-json', module], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 60_000,
    env: { ...process.env, GOMODCACHE: join(folder, 'modules'), GOFLAGS: '-mod=mod' },
  });
  const { Dir, Error: reason } = parsed(fetched.stdout);
  if (Dir === undefined) return none(reason ?? fetched.stderr.trim());
  return { ok: true, reason: '', path: join(Dir, 'test_data'), dispose };
}

function parsed(json: string): { Dir?: string; Error?: string } {
  try {
    return JSON.parse(json) as { Dir?: string; Error?: string };
  } catch {
    // Not even an error in JSON: standard error has the reason.
    return {};
  }
}

/** Go's cache is read-only, folders included. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
}
