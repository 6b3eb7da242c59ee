import * as z from 'zod';
import { WaitedInVain } from '../base/wait.ts';
import { nodeName } from '../topology/topology.ts';
import { defineFault, type FaultContext, FaultMissed, FaultStuck } from './fault.ts';
import { alive, endProof, rejoin } from './process-proof.ts';

const damage = z
  .enum(['emptied', 'deleted', 'deleted-but-newest'])
  .optional()
  .describe('what becomes of all of them, or of all but the newest');
const params = z
  .strictObject({ snapshots: damage, logs: damage })
  .refine(({ snapshots, logs }) => snapshots ?? logs, 'name what becomes of snapshots, logs or both');

/** Names of files begin so (Util.makeLogName, Util.makeSnapshotName). */
const beginnings = { snapshots: 'snapshot', logs: 'log' } as const;

/** What a full disk, or a script that cleans up, leaves of what a server had stored. */
export const spoil = defineFault({
  name: 'spoil',
  about:
    'end server processes at once and empty or delete some of their files; the heal starts them on the rest, and gives the files back to those that refuse it',
  params,
  needs: () => ['signals', 'wipe'],
  async inject(context, victims, damages) {
    await alive(context, victims);
    const exits = await context.ensemble.end(victims, 'SIGKILL');
    const proof = await endProof(context, victims, exits, 'SIGKILL');
    for (const victim of victims) {
      const machine = context.ensemble.machine(victim);
      for (const kind of ['snapshots', 'logs'] as const) {
        const damage = damages[kind];
        if (damage === undefined) continue;
        const all = oldestFirst(await machine.storedFiles(), beginnings[kind]);
        const hit = damage === 'deleted-but-newest' ? all.slice(0, -1) : all;
        if (hit.length === 0) throw new FaultMissed(`${nodeName(victim)} has no ${kind} to be ${damage}`);
        await machine.damage(hit, damage === 'emptied' ? 'emptied' : 'deleted');
        proof.push(`${nodeName(victim)}: ${hit.length} of ${all.length} ${kind} ${damage}`);
      }
    }
    return { proof, heal: () => startOnTheRest(context, victims) };
  },
});

/** A server may find that it has lost something and not start: then it has its files back, as from a backup. */
async function startOnTheRest(context: FaultContext, victims: readonly number[]): Promise<string[]> {
  const { ensemble } = context;
  const running = await ensemble.running();
  const down = victims.filter((victim) => !running.includes(victim));
  const refused = await ensemble.tryDisks(down).catch((error) => {
    if (error instanceof WaitedInVain) throw new FaultStuck(error.message, { cause: error });
    throw error;
  });
  for (const victim of refused) await ensemble.machine(victim).repair();
  const proof = await rejoin(context, victims);
  return [
    ...refused.map((victim) => `${nodeName(victim)} refused the rest and got its files back`),
    ...proof,
  ];
}

/** Of the files with such a name those of the lowest zxid first; the zxid is the name's ending, in hex. */
function oldestFirst(paths: readonly string[], beginning: string): string[] {
  return paths
    .map((path) => ({ path, zxid: new RegExp(`/${beginning}\\.([0-9a-f]+)$`).exec(path)?.[1] }))
    .flatMap(({ path, zxid }) => (zxid === undefined ? [] : { path, zxid: BigInt(`0x${zxid}`) }))
    .sort((a, b) => (a.zxid < b.zxid ? -1 : 1))
    .map(({ path }) => path);
}
