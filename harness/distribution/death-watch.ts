import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Kills processes when we die, however we die. */
export interface DeathWatch {
  add(pid: number): void;
  /** The process was seen to end; its pid may mean another one soon. */
  remove(pid: number): void;
  close(): Promise<void>;
}

/**
 * A shell that reads pids from us; its input ends when we do, even by SIGKILL, and it kills what is on its list then.
 * It ignores the terminal's Ctrl-C, which reaches it as well.
 */
const script = `trap '' INT TERM HUP
pids=' '
while read -r word pid; do
  case $word in
    add) pids="$pids$pid " ;;
    remove) pids=$(echo "$pids" | sed "s/ $pid / /") ;;
  esac
done
for pid in $pids; do kill -9 "$pid"; done
`;

export function watchForOurDeath(): DeathWatch {
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(shell, 'close');
  return {
    add: (pid) => void shell.stdin.write(`add ${pid}\n`),
    remove: (pid) => void shell.stdin.write(`remove ${pid}\n`),
    async close() {
      shell.stdin.end();
      await ended;
    },
  };
}
