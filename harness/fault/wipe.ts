import * as z from 'zod';
import { defineFault, FaultMissed } from './fault.ts';
import { endProof, rejoin, running } from './process-proof.ts';

/** A disk that comes back empty: what an operator does by mistake, or a lost volume does by itself. */
export const wipe = defineFault({
  name: 'wipe',
  about: 'end server processes at once and delete all they stored; the heal starts them empty',
  params: z.strictObject({}),
  needs: () => ['signals', 'wipe'],
  async inject(context, victims) {
    await running(context, victims);
    const exits = await context.ensemble.end(victims, 'SIGKILL');
    const proof = await endProof(context, victims, exits, 'SIGKILL');
    for (const victim of victims) {
      const machine = context.ensemble.machine(victim);
      await machine.wipe();
      if ((await machine.storedFiles()).length > 0)
        throw new FaultMissed(`${machine.name} still has files after the wipe`);
      proof.push(`${machine.name} has no file left`);
    }
    return { proof, heal: () => rejoin(context, victims) };
  },
});
