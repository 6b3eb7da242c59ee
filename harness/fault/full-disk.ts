import * as z from 'zod';
import type { OwnDisk } from '../backend/backend.ts';
import { defineFault, type FaultContext, FaultMissed, FaultStuck } from './fault.ts';
import { rejoin, running } from './process-proof.ts';

/**
 * No room for one more page. A broker ends by itself when its only log directory fails (KIP-112: "shutdown broker because
 * all log dirs have failed"), a server when it cannot log a transaction; either may go on for as long as it writes nothing.
 */
export const fullDisk = defineFault({
  name: 'full-disk',
  about: 'leave the disks of nodes no room; the heal frees them and starts the nodes again, ended or not',
  params: z.strictObject({
    restart: z
      .boolean()
      .default(true)
      .describe('whether the heal starts those anew, too, that have not ended'),
  }),
  needs: () => ['signals', 'full-disk'],
  async inject(context, victims, { restart }) {
    await running(context, victims);
    const proof: string[] = [];
    for (const victim of victims) {
      const { disk, name } = diskOf(context, victim);
      await disk.fill();
      if (await disk.hasRoom()) {
        // A fault that missed leaves nothing broken, on those before neither.
        for (const each of victims) await diskOf(context, each).disk.free();
        throw new FaultMissed(`the disk of ${name} still takes files`);
      }
      proof.push(`the disk of ${name} takes no file any more (ENOSPC)`);
    }
    return { proof, heal: () => freed(context, victims, restart) };
  },
});

/**
 * One that runs on after a failed write may end at any moment, so all are started anew, as an operator would, unless
 * the scenario is about those that run on.
 */
async function freed(context: FaultContext, victims: readonly number[], restart: boolean): Promise<string[]> {
  const { ensemble } = context;
  const proof: string[] = [];
  for (const victim of victims) {
    const { disk, name } = diskOf(context, victim);
    await disk.free();
    if (!(await disk.hasRoom()))
      throw new FaultStuck(`the disk of ${name} takes no file although it was freed`);
    const ended = ensemble.endedAlone(victim);
    proof.push(ended ?? `${name} still ran`);
  }
  const left = (await ensemble.running()).filter((node) => victims.includes(node));
  if (restart) await ensemble.end(left, 'SIGKILL');
  return [...proof, ...(await rejoin(context, victims))];
}

function diskOf({ ensemble }: FaultContext, victim: number): { disk: OwnDisk; name: string } {
  const { disk, name } = ensemble.machine(victim);
  if (!disk) throw new Error(`${name} has no disk of its own, and the site said that it has`);
  return { disk, name };
}
