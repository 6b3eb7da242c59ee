import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  livenessOf,
  ownIdentity,
  type ProcessIdentity,
} from '../../harness/distribution/process-identity.ts';

describe('a process', () => {
  test('that runs is alive', async () => {
    expect(await livenessOf(await ownIdentity())).toBe('alive');
  });

  test('that has ended is gone', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(await livenessOf({ ...(await ownIdentity()), pid: child.pid! })).toBe('gone');
  });

  test('whose pid another one has now is gone', async () => {
    expect(await livenessOf({ ...(await ownIdentity()), started: 'before' })).toBe('gone');
  });

  test('of another pid namespace or machine cannot be judged', async () => {
    expect(await livenessOf({ ...(await ownIdentity()), place: 'there' })).toBe('elsewhere');
  });

  test.runIf(process.platform === 'linux')('that has ended and was not collected is gone', async () => {
    // The shell becomes a sleep, which never collects the child the shell had.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 30']);
    try {
      const [pid] = await once(parent.stdout, 'data').then(([text]) => [Number(text)] as const);
      const identity = await identityOf(pid);
      await expect.poll(() => stateOf(pid), { timeout: 10_000 }).toBe('Z');
      expect(await livenessOf(identity)).toBe('gone');
    } finally {
      parent.kill('SIGKILL');
    }
  });
});

async function identityOf(pid: number): Promise<ProcessIdentity> {
  const own = await ownIdentity();
  const started = (await fieldsOf(pid))[19];
  return { ...own, pid, started: `${own.started.split(' ')[0]} ${started}` };
}

const stateOf = async (pid: number) => (await fieldsOf(pid))[0];

async function fieldsOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
