import { expect, test } from 'vitest';
import { engineClockAhead } from '../../../harness/backend/docker/clock-ahead.ts';
import { openEngine } from '../../../harness/backend/docker/engine.ts';
import { fakeEngine, json } from './fake-engine.ts';

test.each([3_600_000, 0, -90_000])('an engine whose clock is %i ms ahead is found out', async (aheadMs) => {
  await using engine = await fakeEngine((_, response) =>
    json(response, 200, { SystemTime: new Date(Date.now() + aheadMs).toISOString() }),
  );
  const found = await engineClockAhead(openEngine(engine.address));
  expect(Math.abs(found.aheadMs - aheadMs)).toBeLessThanOrEqual(found.withinMs);
  expect(engine.requests[0]).toBe('GET /info');
});

test('an engine that tells no time is no clock', async () => {
  await using engine = await fakeEngine((_, response) => json(response, 200, {}));
  await expect(engineClockAhead(openEngine(engine.address))).rejects.toThrow('tells its time as undefined');
});
