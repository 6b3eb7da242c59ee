import { createInterface } from 'node:readline';

/** One round of one contender: every line of standard input is one, answered with one line of JSON. */
export interface Round {
  host: string;
  port: number;
  operation: 'get' | 'set';
  sessions: number;
  outstanding: number;
  ms: number;
}

export interface Measured {
  ops: number;
  elapsedMs: number;
  /** User and system time of the whole process. */
  cpuMs: number;
}

export const benchPath = '/bench';
export const benchValue = 'v'.repeat(64);

export function lineOf(round: Round): string {
  const { host, port, operation, sessions, outstanding, ms } = round;
  return `${host}:${port} ${operation} ${sessions} ${outstanding} ${ms}`;
}

/** A contender's main loop. `open` makes a session, `once` performs one operation on it. */
export async function serveRounds<S>(client: {
  open(round: Round, index: number): Promise<S>;
  prepare(session: S): Promise<unknown>;
  get(session: S): Promise<unknown>;
  set(session: S): Promise<unknown>;
  close(session: S): Promise<unknown>;
}): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [server = '', operation, sessions, outstanding, ms] = line.trim().split(' ');
    const [host = '', port] = server.split(':');
    if (operation !== 'get' && operation !== 'set') throw new Error(`no operation "${operation}"`);
    const round: Round = {
      host,
      port: Number(port),
      operation,
      sessions: Number(sessions),
      outstanding: Number(outstanding),
      ms: Number(ms),
    };
    const opened: S[] = [];
    for (let i = 0; i < round.sessions; i++) opened.push(await client.open(round, i));
    await client.prepare(opened[0]!);
    console.log(JSON.stringify(await measure(opened, round, client[operation])));
    for (const session of opened) await client.close(session);
  }
}

async function measure<S>(
  sessions: readonly S[],
  round: Round,
  once: (session: S) => Promise<unknown>,
): Promise<Measured> {
  let ops = 0;
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + round.ms;
  const loops = sessions.flatMap((session) =>
    Array.from({ length: round.outstanding }, async () => {
      while (performance.now() < end) {
        await once(session);
        ops++;
      }
    }),
  );
  await Promise.all(loops);
  const cpu = process.cpuUsage(cpuBefore);
  return { ops, elapsedMs: performance.now() - start, cpuMs: (cpu.user + cpu.system) / 1000 };
}
