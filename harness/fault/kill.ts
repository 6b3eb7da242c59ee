import * as z from 'zod';
import { defineFault, FaultMissed } from './fault.ts';
import { endProof, rejoin, rejoined, running } from './process-proof.ts';

const none = z.strictObject({});

/** The process is gone at once, nothing flushed, nothing said. Heals by starting it again on the same data. */
export const kill = defineFault({
  name: 'kill',
  about: 'end server processes at once (SIGKILL); the heal starts them again on their data',
  params: none,
  needs: () => ['signals'],
  async inject(context, victims) {
    await running(context, victims);
    const exits = await context.ensemble.end(victims, 'SIGKILL');
    return {
      proof: await endProof(context, victims, exits, 'SIGKILL'),
      heal: () => rejoin(context, victims),
    };
  },
});

/** An orderly end: sessions are closed on the server's side, logs are flushed. */
export const stop = defineFault({
  name: 'stop',
  about: 'end server processes in order (SIGTERM); the heal starts them again on their data',
  params: none,
  needs: () => ['signals'],
  async inject(context, victims) {
    await running(context, victims);
    const exits = await context.ensemble.end(victims, 'SIGTERM');
    return {
      proof: await endProof(context, victims, exits, 'SIGTERM'),
      heal: () => rejoin(context, victims),
    };
  },
});

/** Gone and back in one go, as an operator or a supervisor does it. */
export const restart = defineFault({
  name: 'restart',
  about: 'end server processes and start them again at once; over when they serve again',
  params: z.strictObject({ signal: z.enum(['SIGTERM', 'SIGKILL']).default('SIGTERM') }),
  needs: () => ['signals'],
  async inject(context, victims, { signal }) {
    await running(context, victims);
    const exits = await context.ensemble.end(victims, signal);
    const proof = await endProof(context, victims, exits, signal);
    for (const victim of victims) {
      const pid = await context.ensemble.start(victim);
      proof.push(
        `${context.ensemble.machine(victim).name} started again${pid === undefined ? '' : ` as pid ${pid}`}`,
      );
    }
    return { proof, heal: () => rejoined(context, victims) };
  },
});

/** A disk that comes back empty: what an operator does by mistake, or a lost volume does by itself. */
export const wipe = defineFault({
  name: 'wipe',
  about: 'end server processes at once and delete all they stored; the heal starts them empty',
  params: none,
  needs: () => ['signals', 'wipe'],
  async inject(context, victims) {
    await running(context, victims);
    const exits = await context.ensemble.end(victims, 'SIGKILL');
    const proof = await endProof(context, victims, exits, 'SIGKILL');
    for (const victim of victims) {
      const machine = context.ensemble.machine(victim);
      await machine.wipe();
      if ((await machine.storedFiles()) > 0)
        throw new FaultMissed(`${machine.name} still has files after the wipe`);
      proof.push(`${machine.name} has no file left`);
    }
    return { proof, heal: () => rejoin(context, victims) };
  },
});
