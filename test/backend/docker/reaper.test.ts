import { describe, expect, it } from 'vitest';
import { Watchdog } from '../../../harness/backend/docker/watchdog.ts';
import { waitFor } from '../../../harness/base/wait.ts';
import { fakeEngine, json } from './fake-engine.ts';

const thaw = 'POST /containers/frozen/unpause';
const notPaused = { message: 'Container frozen is not paused' };

/** An engine with nothing to remove, which refuses to thaw as often as there are refusals. */
const refusing = (...refusals: object[]) =>
  fakeEngine((request, response) => {
    if (request !== thaw) return json(response, 200, []);
    const refusal = refusals.shift();
    if (refusal) return json(response, 500, refusal);
    response.writeHead(204).end();
  });

const thaws = ({ requests }: { requests: string[] }) => requests.filter((each) => each === thaw).length;
const thawed = (engine: { requests: string[] }, times: number) =>
  waitFor({ what: `${times} tries to thaw`, deadlineMs: 10_000 }, () => thaws(engine) >= times || undefined);

describe('the reaper thaws', () => {
  it('again when the engine refuses, until it does', async () => {
    await using engine = await refusing({ message: 'unable to thaw' }, { message: 'Cannot unpause: busy' });
    const watchdog = Watchdog.start(engine.address, 'test');
    watchdog.thaw('frozen', 0);
    await thawed(engine, 3);
    await watchdog.end();
    expect(thaws(engine)).toBe(3);
  });

  it('once where somebody else was first', async () => {
    await using engine = await refusing(notPaused, notPaused);
    const watchdog = Watchdog.start(engine.address, 'test');
    watchdog.thaw('frozen', 0);
    await thawed(engine, 1);
    // Longer than between two tries.
    watchdog.thaw('other', 500);
    await waitFor({ what: 'the other thaw', deadlineMs: 10_000 }, () =>
      engine.requests.includes('POST /containers/other/unpause') ? true : undefined,
    );
    await watchdog.end();
    expect(thaws(engine)).toBe(1);
  });

  it('no more when the order is taken back', async () => {
    const busy = { message: 'unable to thaw' };
    await using engine = await refusing(...Array.from({ length: 1000 }, () => busy));
    const watchdog = Watchdog.start(engine.address, 'test');
    watchdog.thaw('frozen', 0);
    await thawed(engine, 2);
    watchdog.thaw('frozen', null);
    watchdog.thaw('other', 0);
    await waitFor({ what: 'the other thaw', deadlineMs: 10_000 }, () =>
      engine.requests.includes('POST /containers/other/unpause') ? true : undefined,
    );
    const before = thaws(engine);
    watchdog.thaw('another', 500);
    await waitFor({ what: 'one more thaw', deadlineMs: 10_000 }, () =>
      engine.requests.includes('POST /containers/another/unpause') ? true : undefined,
    );
    await watchdog.end();
    // At most the try that was on its way.
    expect(thaws(engine) - before).toBeLessThanOrEqual(1);
  });
});
