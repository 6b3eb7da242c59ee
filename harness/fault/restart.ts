import * as z from 'zod';
import { defineFault } from './fault.ts';
import { endProof, rejoined, running } from './process-proof.ts';

/** Gone and back in one go, as an operator or a supervisor does it. */
export const restart = defineFault({
  name: 'restart',
  about: 'end server processes and start them again at once; over when they serve again',
  params: z.strictObject({
    signal: z.enum(['SIGTERM', 'SIGKILL']).default('SIGTERM'),
    version: z.string().optional().describe('another release, from now on'),
    peers: z
      .array(z.int().min(1))
      .min(1)
      .optional()
      .describe('the servers that stand in its zoo.cfg, from now on'),
  }),
  needs: () => ['signals'],
  async inject(context, victims, { signal, version, peers }) {
    await running(context, victims);
    const exits = await context.ensemble.end(victims, signal);
    const proof = await endProof(context, victims, exits, signal);
    for (const victim of victims) {
      const pid = await context.ensemble.start(victim, {
        ...(version !== undefined && { version }),
        ...(peers && { peers }),
      });
      proof.push(
        `${context.ensemble.machine(victim).name} started again${version === undefined ? '' : ` on ${version}`}${pid === undefined ? '' : ` as pid ${pid}`}`,
      );
    }
    return { proof, heal: () => rejoined(context, victims) };
  },
});
