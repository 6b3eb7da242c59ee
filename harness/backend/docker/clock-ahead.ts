import type Docker from 'dockerode';
import { takeOrigin } from '../../base/clock.ts';
import type { ClockAhead } from '../backend.ts';
import { ask } from './engine.ts';

/** Answers that come this fast place the engine's clock well enough, ms; logs have whole milliseconds. */
const closeMs = 10;
const triesMax = 3;

/**
 * How far the engine's clock, which its containers share, is ahead of ours: the time it tells (`SystemTime` of GET
 * /info) against the middle between asking and answer, from the quickest of a few answers (Cristian 1989).
 */
export async function engineClockAhead(docker: Docker): Promise<ClockAhead> {
  let best: ClockAhead | undefined;
  for (let tries = 0; tries < triesMax && (best === undefined || best.withinMs > closeMs); tries++) {
    const askedMs = takeOrigin().wallMs;
    const { SystemTime: told } = (await ask('asking the engine for its time', docker.info())) as {
      SystemTime?: string;
    };
    const answeredMs = takeOrigin().wallMs;
    const engineMs = Date.parse(told ?? '');
    if (Number.isNaN(engineMs)) throw new Error(`the engine tells its time as ${JSON.stringify(told)}`);
    // Both clocks are read in whole milliseconds.
    const withinMs = (answeredMs - askedMs) / 2 + 1;
    const aheadMs = engineMs - (askedMs + answeredMs) / 2;
    if (best === undefined || withinMs < best.withinMs) best = { aheadMs, withinMs };
  }
  return best!;
}
