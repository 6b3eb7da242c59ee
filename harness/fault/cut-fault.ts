import type * as z from 'zod';
import type { Cut } from '../backend/backend.ts';
import { proveCuts, proveHealed, provePathsWork } from './cut-proof.ts';
import { defineFault, type Fault, type FaultContext } from './fault.ts';

/** A fault that is nothing but lost packets: which ones is data, the rest is the same for all of them. */
export function cutFault<P>(fault: {
  name: string;
  about: string;
  params: z.ZodType<P>;
  cuts(context: FaultContext, victims: readonly number[], params: P): Cut[];
}): Fault {
  return defineFault<P>({
    name: fault.name,
    about: fault.about,
    params: fault.params,
    needs: (params) =>
      (params as { ports?: readonly string[] }).ports ? ['cut-links', 'cut-ports'] : ['cut-links'],
    async inject(context, victims, params) {
      const { cuts: open, ensemble, deadlineNs } = context;
      const owner = {};
      const cuts = fault.cuts(context, victims, params);
      await provePathsWork(ensemble.site, cuts, open, owner);
      await open.open(
        owner,
        cuts.map((cut) => ({ ...cut, untilNs: deadlineNs })),
      );
      try {
        const proof = await proveCuts(ensemble.site, cuts);
        return {
          proof,
          cuts,
          async heal() {
            await open.close(owner);
            return proveHealed(ensemble.site, cuts, open, owner);
          },
        };
      } catch (error) {
        await open.close(owner);
        throw error;
      }
    },
  });
}
