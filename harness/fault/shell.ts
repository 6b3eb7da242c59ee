import { execa } from 'execa';
import type { Machine } from '../backend/backend.ts';

/** A command that runs longer hangs. An orderly stop by a container engine alone may take 10 s. */
const commandMs = 60_000;

type Named = Pick<Machine, 'name' | 'endpoint'>;

/** A command with what stands for a server filled in: {name}, {sid}, {host} and {port}. Other braces are the shell's. */
export function filledIn(text: string, { name, endpoint }: Named): string {
  const values: Record<string, string | number> = { name, ...endpoint };
  return text.replaceAll(/(?<!\$)\{(name|sid|host|port)\}/g, (_, key: string) => String(values[key]));
}

/**
 * Runs a command for one server; why it failed, undefined when it did not. It has a process group of its own, so that
 * the terminal's Ctrl-C does not cut it short.
 */
export async function failureOf(text: string, server: Named): Promise<string | undefined> {
  const line = filledIn(text, server);
  const { failed, all, timedOut, exitCode, signal } = await execa('sh', ['-c', line], {
    stdin: 'ignore',
    all: true,
    detached: true,
    reject: false,
    timeout: commandMs,
  });
  if (!failed) return undefined;
  const words = all.trim().split('\n').at(-1) ?? '';
  const how = timedOut ? `ran longer than ${commandMs / 1000} s` : `ended with ${exitCode ?? signal}`;
  return `"${line}" ${how}${words && `: ${words}`}`;
}
