import type { Reach } from './backend.ts';

/**
 * One shell script that tries TCP connects at the same time and prints "<n> <exit code> <message>" for each. Bash and
 * timeout are in every image and on every machine we run on, which a compiled prober is not.
 */
export function probeScript(targets: readonly { host: string; port: number }[], probeMs: number): string {
  const tries = targets.map(({ host, port }, index) => {
    const connect = `exec 3<>/dev/tcp/${host}/${port}`;
    return `{ m=$(timeout ${probeMs / 1000} bash -c '${connect}' 2>&1); echo "${index} $? \${m//$'\\n'/ }"; } &`;
  });
  return `${tries.join('\n')}\nwait\n`;
}

/** What the script printed, in the order of the targets. `timeout` exits with 124 when it had to end the try. */
export function readProbes(output: string, count: number): Reach[] {
  const reaches: Reach[] = [];
  for (const line of output.trim().split('\n')) {
    const [, index, code, message = ''] = /^(\d+) (\d+) ?(.*)$/.exec(line) ?? [];
    if (index === undefined) throw new Error(`probe printed "${line}"`);
    reaches[Number(index)] = reachOf(Number(code), message);
  }
  for (let i = 0; i < count; i++) if (!reaches[i]) throw new Error(`probe ${i} of ${count} printed nothing`);
  return reaches;
}

function reachOf(code: number, message: string): Reach {
  if (code === 0) return 'open';
  if (code === 124) return 'silent';
  if (/Connection (refused|reset)/i.test(message)) return 'refused';
  if (/No route|unreachable|Invalid argument|Permission denied/i.test(message)) return 'unreachable';
  throw new Error(`probe ended with ${code}: ${message}`);
}
