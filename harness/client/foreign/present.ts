import { sleep } from '../../base/clock.ts';
import type { Endpoint } from '../../topology/endpoint.ts';
import { errors } from '../errors.ts';
import type { Recorder } from '../recorded-calls.ts';
import { RecordedSession } from '../recorded-session.ts';

export interface Presented {
  /** Null when no server said. */
  alive: boolean | null;
  /** Who said so, by sid; 0 for nobody. */
  server: number;
  /** Nothing of it is left. */
  gone: boolean;
}

export interface PresentedSession {
  name: string;
  /** Its number in the history: the rows of this belong to the same session. */
  session: number;
  id: string;
  /** Hex. */
  password: string;
  timeoutMs: number;
  endpoints: readonly Endpoint[];
  recorder: Recorder;
}

/** Longer than an ensemble needs to elect a leader after a fault; no session expires while there is none. */
const deadlineMs = 15_000;
const pauseMs = 100;

/**
 * Presents the session of a client that says it is over to the servers, over the wire. If they still know it, it is
 * closed, so that in any case nothing of it is left.
 */
export async function presentSession(presented: PresentedSession): Promise<Presented> {
  const { endpoints, id, password, ...options } = presented;
  const resume = { id, password: Buffer.from(password, 'hex'), lastZxidSeen: 0 };
  const session = new RecordedSession({ ...options, resume });
  const giveUpAt = performance.now() + deadlineMs;
  let alive: number | undefined;
  for (let tries = 0; performance.now() < giveUpAt; tries++) {
    const endpoint = endpoints[tries % endpoints.length]!;
    const { outcome, error, sid } = await (session.state.kind === 'new'
      ? session.open(endpoint)
      : session.moveTo(endpoint));
    if (outcome === 'fail' && error === errors.SESSIONEXPIRED.code) {
      return { alive: alive !== undefined, server: alive ?? sid, gone: true };
    }
    if (outcome === 'ok') {
      alive ??= sid;
      if ((await session.close()).outcome === 'ok') return { alive: true, server: alive, gone: true };
    }
    await sleep(pauseMs);
  }
  return { alive: alive === undefined ? null : true, server: alive ?? 0, gone: false };
}
