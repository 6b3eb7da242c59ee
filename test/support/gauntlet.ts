import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const launcher = fileURLToPath(new URL('../../bin/gauntlet.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Both, for a failing test to show. */
  output: string;
}

/** Runs the command line as a user does; as another user with `uid`. */
export function gauntlet(
  args: readonly string[],
  { uid, cwd, env }: { uid?: number | undefined; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Without colours, which a CI would turn on: tests read words.
      env: { ...process.env, NO_COLOR: '1', ...env },
      ...(cwd !== undefined && { cwd }),
      ...(uid !== undefined && { uid, gid: uid }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, output: stdout + stderr }));
  });
}

/** Why real servers cannot run here, as the doctor sees it; shown as the reason of every skipped test. */
export const machineLacks = lacking();

function lacking(): string | undefined {
  const { stdout } = spawnSync(process.execPath, [launcher, 'doctor', '--json'], { encoding: 'utf8' });
  const { checks } = JSON.parse(stdout) as {
    checks: { name: string; needed: boolean; ok: boolean; says: string }[];
  };
  const missing = checks.filter(({ needed, ok }) => needed && !ok).map(({ says }) => says);
  return missing.length > 0 ? missing.join('; ') : undefined;
}
