import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';

test('a watched process dies with the one that started it, and one that was removed does not', async () => {
  const script = `
    import { spawn } from 'node:child_process';
    import { watchForOurDeath } from ${JSON.stringify(join(import.meta.dirname, '../../harness/distribution/death-watch.ts'))};
    const watch = watchForOurDeath();
    const pids = [1, 2, 3].map(() => spawn('sleep', ['60'], { stdio: 'ignore' }).pid);
    for (const pid of pids) watch.add(pid);
    watch.remove(pids[1]);
    setTimeout(() => console.log(pids.join(' ')), 0);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await once(starter.stdout, 'data');
  const [first, removed, last] = String(output).trim().split(' ').map(Number) as [number, number, number];
  try {
    expect(await Promise.all([first, removed, last].map(isThere))).toEqual([true, true, true]);
    starter.kill('SIGKILL');
    for (const pid of [first, last]) {
      await waitFor({ what: `process ${pid} to be gone`, deadlineMs: 10_000 }, async () =>
        (await isThere(pid)) ? undefined : true,
      );
    }
    expect(await isThere(removed)).toBe(true);
  } finally {
    process.kill(removed, 'SIGKILL');
  }
});

async function isThere(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
