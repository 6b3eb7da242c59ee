import * as z from 'zod';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import { nodeName } from '../topology/topology.ts';
import { defineFault, type FaultContext, FaultMissed, FaultStuck } from './fault.ts';
import { failureOf, filledIn } from './shell.ts';

const command = (about: string) => z.string().min(1).describe(about);
const params = z.strictObject({
  name: z.string().min(1).default('command').describe('what reports call it'),
  inject: command('shell command, run for each victim; knows {name}, {sid}, {host}, {port}'),
  heal: command('shell command that ends what inject began'),
  bites: command('succeeds while the fault is in force; absent: victims stop serving clients').optional(),
  withinMs: z.int().min(1).default(15_000).describe('until it must show, and no longer show once healed'),
});
type Params = z.output<typeof params>;

/** Servers of somebody else log every look at them. */
const lookEveryMs = 250;
/** So many looks in a row must agree: a busy server misses one. */
const looks = 3;
/** Until a victim serves again: as long as any server of ours may take (ensemble.ts). */
const servingMs = 40_000;

/**
 * A fault of servers that somebody else runs, done by shell commands that the user gives. What they do is not known here,
 * so it only counts when its effect is seen to come and to go. No kernel ends it should this process die, but it is
 * healed before the process ends, however that comes about, SIGKILL excepted.
 */
export const commandFault = defineFault<Params>({
  name: 'command',
  about:
    'run shell commands that break and heal servers somebody else runs; counts only when it is seen to bite',
  params,
  needs: () => ['commands'],
  async inject(context, victims, params) {
    const machine = (sid: number) => context.ensemble.machine(sid);
    const sign = signOf(context, params);
    await atEach(victims, async (sid) => {
      if (await sign.shows(sid)) throw new FaultMissed(`before the command, ${sign.words(sid)} already`);
    });

    const run = (text: string, Failed: typeof FaultMissed | typeof FaultStuck) =>
      atEach(victims, async (sid) => {
        const failure = await failureOf(text, machine(sid));
        if (failure !== undefined) throw new Failed(failure);
      });
    let injecting: Promise<unknown> = Promise.resolve();
    let healing: Promise<unknown> | undefined;
    const heal = () => {
      // Once, and never while what it undoes is still being done; how that went is told to whoever injects.
      healing ??= injecting.catch(() => undefined).then(() => run(params.heal, FaultStuck));
      return healing;
    };
    const who = victims.map(nodeName).join(', ');
    const forget = context.undo.before(`${params.name} of ${who} is healed`, heal);
    try {
      injecting = run(params.inject, FaultMissed);
      await injecting;
      await atEach(victims, (sid) => shown(sign, sid, true));
    } catch (error) {
      await heal();
      forget();
      throw error;
    }
    const proof = victims.map(
      (sid) => `${params.name}: after "${filledIn(params.inject, machine(sid))}" ${sign.words(sid)}`,
    );
    return {
      proof,
      async heal() {
        await heal();
        forget();
        return stuckInVain(() => atEach(victims, (sid) => recovered(context, sign, sid)));
      },
    };
  },
});

/** What shows that the fault is in force. */
interface Sign {
  shows(sid: number): Promise<boolean>;
  words(sid: number): string;
  withinMs: number;
}

function signOf({ ensemble }: FaultContext, { bites, withinMs }: Params): Sign {
  if (bites === undefined) {
    return {
      shows: async (sid) => !(await ensemble.serves(sid)),
      words: (sid) => `${nodeName(sid)} did not serve clients`,
      withinMs,
    };
  }
  return {
    shows: async (sid) => (await failureOf(bites, ensemble.machine(sid))) === undefined,
    words: (sid) => `"${filledIn(bites, ensemble.machine(sid))}" succeeded`,
    withinMs,
  };
}

async function shown(sign: Sign, sid: number, wanted: boolean): Promise<void> {
  const what = `the fault of ${nodeName(sid)} ${wanted ? 'to show' : 'to be gone'}`;
  let agreed = 0;
  await waitFor({ what, deadlineMs: sign.withinMs, everyMs: lookEveryMs }, async () => {
    agreed = (await sign.shows(sid)) === wanted ? agreed + 1 : 0;
    return agreed >= looks || undefined;
  });
}

async function recovered({ ensemble }: FaultContext, sign: Sign, sid: number): Promise<string> {
  const what = `${nodeName(sid)} to serve again`;
  await waitFor({ what, deadlineMs: servingMs, everyMs: lookEveryMs }, async () =>
    (await ensemble.serves(sid)) ? true : undefined,
  );
  await shown(sign, sid, false);
  return `${nodeName(sid)} serves again`;
}

async function stuckInVain<T>(wait: () => Promise<T>): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    if (error instanceof WaitedInVain) throw new FaultStuck(error.message, { cause: error });
    throw error;
  }
}

/** All at the same time; fails with the first failure, when all have ended. */
async function atEach<T>(victims: readonly number[], act: (sid: number) => Promise<T>): Promise<T[]> {
  const settled = await Promise.allSettled(victims.map(act));
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
