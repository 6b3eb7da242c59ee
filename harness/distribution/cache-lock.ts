import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { sleep } from '../base/clock.ts';
import { Trouble } from '../base/trouble.ts';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

export type Progress = (line: string) => void;

export interface HeldLock {
  release(): Promise<void>;
}

/** Holders touch their lock this often, so that it can be judged from where their pid means nothing. */
const heartbeatMs = 5_000;
/** A lock that was not touched for so long, and whose owner cannot be looked up, belongs to nobody any more. */
const silentMs = 60_000;
const lookEveryMs = 100;

/**
 * A lock between processes: a file created exclusively that names its owner. A lock whose owner is gone is broken by the
 * next one who wants it. Throws `Trouble` naming path and owner when a living owner keeps it until the deadline.
 */
export async function lock(
  path: string,
  { what, deadlineMs, progress }: { what: string; deadlineMs: number; progress: Progress },
): Promise<HeldLock> {
  const end = performance.now() + deadlineMs;
  let told = false;
  for (;;) {
    const held = await tryLock(path);
    if (held !== undefined) return held;
    const owner = await readOwner(path);
    const who = owner === undefined ? 'another process' : `process ${owner.pid}`;
    if (performance.now() >= end) {
      throw new Trouble(
        `lock ${path}`,
        `${who} has held it for ${Math.round(deadlineMs / 1000)} s (${what})`,
        `let it finish or end it; if it hangs on another machine, remove the file`,
      );
    }
    if (!told) progress(`waiting for ${who}: ${what}`);
    told = true;
    await sleep(lookEveryMs);
  }
}

/** Takes the lock if it is free or its owner is gone; undefined while somebody holds it. */
export async function tryLock(path: string): Promise<HeldLock | undefined> {
  const mine = await ownIdentity();
  if ((await create(path, mine)) || ((await breakStale(path)) && (await create(path, mine))))
    return hold(path);
  return undefined;
}

async function create(path: string, owner: ProcessIdentity): Promise<boolean> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (file === undefined) return false;
  try {
    await file.writeFile(JSON.stringify(owner));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

function hold(path: string): HeldLock {
  const beat = setInterval(() => {
    const now = new Date();
    // A missed beat only matters after twelve of them, and the work under the lock meets the same disk.
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatMs);
  beat.unref();
  let released = false;
  return {
    async release() {
      if (released) return;
      released = true;
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

/**
 * Removes a lock nobody holds. Two who find the same dead owner must not remove one another's new lock: whoever
 * removes holds a lock for that, under which the owner is judged again.
 */
async function breakStale(path: string): Promise<boolean> {
  if (!(await isStale(path))) return false;
  const guard = await tryLock(`${path}.break`);
  if (guard === undefined) return false;
  try {
    if (!(await isStale(path))) return false;
    await rm(path, { force: true });
    return true;
  } finally {
    await guard.release();
  }
}

async function isStale(path: string): Promise<boolean> {
  const owner = await readOwner(path);
  const liveness = owner === undefined ? 'elsewhere' : await livenessOf(owner);
  if (liveness !== 'elsewhere') return liveness === 'gone';
  const info = await stat(path).catch(ignoreMissing);
  return info !== undefined && Date.now() - info.mtimeMs > silentMs;
}

/** Undefined when there is no lock, or it was just created and not yet written, or a full disk left it empty. */
async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  if (text === undefined || !text.endsWith('}')) return undefined;
  return JSON.parse(text) as ProcessIdentity;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
