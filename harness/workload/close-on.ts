import { sleep } from '../base/clock.ts';
import type { RecordedSession } from '../client/recorded-session.ts';
import type { Endpoint } from '../topology/endpoint.ts';

/** Before the next server is tried, so that a dead ensemble is not hammered. */
const reconnectMs = 40;
/** How long the close of a session is tried. */
const closeMs = 10_000;

/** Closes a session on one server or another; its name when that did not work. */
export async function closeOn(
  session: RecordedSession,
  endpoints: readonly Endpoint[],
): Promise<string | undefined> {
  const giveUpAt = performance.now() + closeMs;
  for (let tries = 0; performance.now() < giveUpAt; tries++) {
    const { kind } = session.state;
    if (kind === 'closed' || kind === 'expired' || kind === 'new') return undefined;
    if (kind === 'connected') await session.close();
    else if ((await session.moveTo(endpoints[tries % endpoints.length]!)).outcome !== 'ok')
      await sleep(reconnectMs);
  }
  return session.name;
}
