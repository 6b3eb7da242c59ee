import * as z from 'zod';
import { defineFault, type Fault } from './fault.ts';
import { alive, endProof, rejoin, running } from './process-proof.ts';

const none = z.strictObject({});

/** Server processes end by one signal; the heal starts them again on what they had stored. */
function ending(name: string, about: string, signal: 'SIGKILL' | 'SIGTERM'): Fault {
  return defineFault({
    name,
    about,
    params: none,
    needs: () => ['signals'],
    async inject(context, victims) {
      await (signal === 'SIGKILL' ? alive : running)(context, victims);
      const exits = await context.ensemble.end(victims, signal);
      const proof = await endProof(context, victims, exits, signal);
      return { proof, heal: () => rejoin(context, victims) };
    },
  });
}

/** Gone at once, nothing flushed, nothing said. */
export const kill = ending(
  'kill',
  'end server processes at once (SIGKILL); the heal starts them again on their data',
  'SIGKILL',
);

/** An orderly end: ports are closed, logs are flushed. */
export const stop = ending(
  'stop',
  'end server processes in order (SIGTERM); the heal starts them again on their data',
  'SIGTERM',
);
