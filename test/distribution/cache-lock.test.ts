import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { lock, tryLock } from '../../harness/distribution/cache-lock.ts';

type Holder = ChildProcessByStdio<Writable, Readable, null>;

describe('a lock between processes', () => {
  let dir: string;
  let path: string;
  let lines: string[];
  const holders: Holder[] = [];
  const progress = (line: string) => void lines.push(line);
  const options = {
    what: 'fetching ZooKeeper 3.9.5',
    deadlineMs: 300,
    progress: (line: string) => progress(line),
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gauntlet-lock-'));
    path = join(dir, 'a.lock');
    lines = [];
  });
  afterEach(async () => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL');
    await rm(dir, { recursive: true });
  });

  test('is free again after its release, which may come twice', async () => {
    const held = await lock(path, options);
    await held.release();
    await held.release();
    await (await lock(path, options)).release();
    expect(await readdir(dir)).toEqual([]);
  });

  test('held by a living process is trouble at the deadline, naming path and pid', async () => {
    const holder = await hold();
    const taking = lock(path, options);
    await expect(taking).rejects.toThrow(Trouble);
    await expect(taking).rejects.toThrow(`lock ${path}: process ${holder.pid} has held it`);
    expect(lines).toEqual([`waiting for process ${holder.pid}: fetching ZooKeeper 3.9.5`]);
  });

  test('goes to the waiting process once its holder releases it', async () => {
    const holder = await hold();
    const taking = lock(path, { ...options, deadlineMs: 20_000 });
    holder.stdin.end();
    await (await taking).release();
  });

  test('of a killed process is broken by the next one', async () => {
    const holder = await hold();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await readdir(dir)).toEqual(['a.lock']);
    await (await lock(path, options)).release();
    expect(await readdir(dir)).toEqual([]);
  });

  test('of a dead process goes to one of many at a time', async () => {
    const holder = await hold();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    let inside = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const held = await lock(path, { ...options, deadlineMs: 20_000 });
        expect(++inside).toBe(1);
        await new Promise(setImmediate);
        inside--;
        await held.release();
      }),
    );
    expect(await readdir(dir)).toEqual([]);
  });

  test('of a pid that now belongs to another process is broken', async () => {
    await (await tryLock(path))!.release();
    const held = (await tryLock(path))!;
    const owner = JSON.parse(await readFile(path, 'utf8'));
    await held.release();
    await writeFile(path, JSON.stringify({ ...owner, started: 'long ago' }));
    expect(await tryLock(path)).toBeDefined();
  });

  test('of another machine is believed as long as it is touched', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, started: 'then', place: 'elsewhere' }));
    expect(await tryLock(path)).toBeUndefined();
    const twoMinutesAgo = new Date(Date.now() - 120_000);
    await utimes(path, twoMinutesAgo, twoMinutesAgo);
    expect(await tryLock(path)).toBeDefined();
  });

  test('that a crash left unwritten is believed for a while only', async () => {
    await writeFile(path, '');
    expect(await tryLock(path)).toBeUndefined();
    const twoMinutesAgo = new Date(Date.now() - 120_000);
    await utimes(path, twoMinutesAgo, twoMinutesAgo);
    expect(await tryLock(path)).toBeDefined();
  });

  async function hold(): Promise<Holder> {
    const script = join(import.meta.dirname, 'lock-holder.ts');
    const holder = spawn(process.execPath, ['--import', 'tsx', script, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    holders.push(holder);
    await once(holder.stdout, 'data');
    return holder;
  }
});
