import type { Exit } from '../backend.ts';

/**
 * Engines report a process ended by signal N as 128 + N (POSIX sh). A JVM itself ends with 130 or 143 when it is asked
 * to stop (SIGINT, SIGTERM), which is an exit code and no death by signal; these two it cannot choose.
 */
const deaths: Record<number, string> = { 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV' };

export function exitOf(code: number): Exit {
  const signal = deaths[code];
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}
