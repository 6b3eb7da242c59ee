import * as z from 'zod';
import { nodeName } from '../topology/topology.ts';
import { defineFault, FaultMissed } from './fault.ts';
import { rejoined, running } from './process-proof.ts';

/**
 * The process keeps its sockets and its memory and does nothing: a long garbage collection, a stalled virtual machine.
 * The kernel still answers connects, so this is not a partition.
 */
export const pause = defineFault({
  name: 'pause',
  about: 'freeze server processes (SIGSTOP) and let them go on (SIGCONT)',
  params: z.strictObject({}),
  needs: () => ['signals'],
  async inject(context, victims) {
    const { ensemble, deadlineNs } = context;
    await running(context, victims);
    await Promise.all(victims.map((victim) => ensemble.freeze(victim, deadlineNs)));
    const proof = await Promise.all(
      victims.map(async (victim) => {
        const { role } = await ensemble.look(victim);
        if (role !== 'silent')
          throw new FaultMissed(`${nodeName(victim)} still answers as ${role} while paused`);
        return `${nodeName(victim)} is stopped and does not answer`;
      }),
    );
    return {
      proof,
      async heal() {
        await Promise.all(victims.map((victim) => ensemble.thaw(victim)));
        return rejoined(context, victims);
      },
    };
  },
});
