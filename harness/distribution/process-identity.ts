import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** Names one process for ever: a pid alone is used again, also after a reboot. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in words of the operating system. Compared, never computed with. */
  started: string;
  /** Where the pid means something: machine and pid namespace. */
  place: string;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const started = await startOf(process.pid);
  if (started === undefined) throw new Error(`no start time for our own process ${process.pid}`);
  return { pid: process.pid, started, place: await ownPlace() };
}

/** `elsewhere` when it ran on another machine or in another pid namespace, where we cannot look. */
export async function livenessOf(identity: ProcessIdentity): Promise<'alive' | 'gone' | 'elsewhere'> {
  if (identity.place !== (await ownPlace())) return 'elsewhere';
  return (await startOf(identity.pid)) === identity.started ? 'alive' : 'gone';
}

async function ownPlace(): Promise<string> {
  if (process.platform !== 'linux') return hostname();
  return `${hostname()} ${await readlink('/proc/self/ns/pid')}`;
}

async function startOf(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

/**
 * Field 22 of /proc/PID/stat, ticks since this boot (proc(5)); the name in field 2 may hold blanks and brackets. A zombie
 * (state Z in field 3) has ended; where nobody collects it, it stays in the table for ever.
 */
async function startFromProc(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${boot.trim()} ${fields[19]}`;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch (error) {
    // ps exits with 1 when there is no such process.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 1) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ESRCH';
}
