/**
 * A script for bash that runs the same on every machine. Without --norc a bash whose standard input is a socket, as
 * Node's pipes are, and that takes itself for the first shell (SHLVL) thinks of rshd and reads ~/.bashrc, whatever is in
 * there (bash(1), "Invoked by remote shell daemon").
 */
export const bash = (script: string): string[] => ['bash', '--norc', '-c', script];
