import { expect as expectThat, test } from 'vitest';
import { type Expectation, expectationSchema } from '../../harness/plan/expectation.ts';
import { expect, type Observed, takeBefore } from '../../harness/run/expect.ts';
import type { NewEntry } from '../../harness/run/journal.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import type { Role } from '../../harness/topology/roles.ts';

type Looks = Record<number, Role>;
type Seen = Extract<NewEntry, { kind: 'expectation' }>;

const nobody = () => {
  throw new Error('a test without servers asks none');
};

/** Servers that say at each moment (ms) what `rolesAt` tells, on a clock that moves only when somebody sleeps. */
function stage(rolesAt: (ms: number) => Looks, ackedAt: (ms: number) => number = () => 0) {
  let nowMs = 0;
  const sids = Object.keys(rolesAt(0)).map(Number);
  const listeners: ((sid: number, line: string) => void)[] = [];
  const seen: Seen[] = [];
  const ensemble: Observed = {
    sids,
    members: sids,
    look: async (sid) => ({ role: rolesAt(nowMs)[sid]! }),
    onLine(listener) {
      listeners.push(listener);
      return () => void listeners.splice(listeners.indexOf(listener), 1);
    },
    endedAlone: (sid) => (rolesAt(nowMs)[sid] === 'down' ? `zk${sid} ended by itself` : undefined),
    machine: nobody,
    get topology() {
      return nobody();
    },
  };
  const watched = {
    ensemble,
    clients: {
      get ackedWrites() {
        return ackedAt(nowMs);
      },
    },
    clock: {
      nowNs: () => nowMs * 1e6,
      async sleep(ms: number) {
        nowMs += ms;
      },
    },
    journal: {
      write(entry: NewEntry) {
        seen.push(entry as Seen);
        return { atNs: nowMs * 1e6, ...entry } as JournalEntry;
      },
    },
  };
  return {
    log: (sid: number, line: string) => {
      for (const listen of listeners) listen(sid, line);
    },
    before: () => takeBefore(watched),
    async watch(input: object, before = takeBefore(watched)): Promise<Seen> {
      const expectation: Expectation = expectationSchema.parse({ withinMs: 1000, ...input });
      await expect(0, expectation, await before, watched);
      return seen.at(-1)!;
    },
  };
}

const led: Looks = { 1: 'follower', 2: 'follower', 3: 'leader' };
const ledBy2: Looks = { 1: 'follower', 2: 'leader', 3: 'down' };
const mute: Looks = { 1: 'silent', 2: 'silent', 3: 'silent' };

test('what comes about in time is met, and how long it took is told', async () => {
  const { watch } = stage((ms) => (ms < 300 ? led : ledBy2));
  expectThat(await watch({ leader: 'other' })).toMatchObject({ met: true, tookMs: 300 });
});

test('what comes about too late is not met, and what was seen last is told', async () => {
  const { watch } = stage((ms) => (ms < 3000 ? led : ledBy2));
  expectThat(await watch({ leader: 'other' })).toMatchObject({
    met: false,
    seen: 'zk1 follower, zk2 follower, zk3 leader',
  });
});

test('what must stay and does not is not met, though there was time left', async () => {
  const { watch } = stage((ms) => (ms < 200 ? led : ledBy2));
  const { met, tookMs } = await watch({ roles: { 3: 'leader' }, forMs: 500, withinMs: 60_000 });
  expectThat(met).toBe(false);
  expectThat(tookMs).toBeLessThan(500);
});

test('servers that do not answer break nothing that must stay', async () => {
  const { watch } = stage((ms) => (ms > 100 && ms < 200 ? { ...led, 3: 'silent' } : led));
  expectThat(await watch({ roles: { 3: 'leader' }, forMs: 500 })).toMatchObject({ met: true });
});

test.each([[{ leader: 'none' }], [{ leader: 'same' }], [{ roles: { 1: 'follower' } }], [{ epoch: 'same' }]])(
  'where no server answers, %o is not met',
  async (input) => {
    const { watch } = stage(() => mute);
    expectThat(await watch(input)).toMatchObject({ met: false, seen: 'nothing' });
  },
);

test('nobody leads while one server elects and the others do not answer', async () => {
  const { watch } = stage(() => ({ ...mute, 1: 'electing' }));
  expectThat(await watch({ leader: 'none' })).toMatchObject({ met: true });
});

test('no write is acknowledged once the answers that were on their way have come', async () => {
  const { watch } = stage(
    () => led,
    (ms) => Math.min(ms, 200),
  );
  expectThat(await watch({ writes: 'none', forMs: 500 })).toMatchObject({ met: true, tookMs: 220 });
});

test('writes that go on are not none', async () => {
  const { watch } = stage(
    () => led,
    (ms) => ms,
  );
  expectThat(await watch({ writes: 'none', forMs: 500 })).toMatchObject({ met: false });
});

test('writes count as acknowledged only when more of them are than before', async () => {
  const { watch } = stage(
    () => led,
    () => 7,
  );
  expectThat(await watch({ writes: 'acknowledged' })).toMatchObject({ met: false });
});

test('a line counts when it was logged since the step began, by the server that was named', async () => {
  const { log, before, watch } = stage(() => led);
  log(1, 'too early');
  const begun = before();
  await begun;
  log(1, 'peer state changed');
  expectThat(await watch({ log: 'peer state' }, begun)).toMatchObject({
    met: true,
    seen: 'zk1: peer state changed',
  });
  expectThat(await watch({ log: 'peer state', sid: 2 }, begun)).toMatchObject({ met: false });
  expectThat(await watch({ log: 'too early' }, begun)).toMatchObject({ met: false });
  expectThat(await watch({ quiet: 'peer state' }, begun)).toMatchObject({ met: false });
  expectThat(await watch({ quiet: 'too early' }, begun)).toMatchObject({ met: true });
});

test('a server that still runs has not exited, and one that has is looked at for its line', async () => {
  const { watch } = stage(() => ledBy2);
  expectThat(await watch({ exited: 1 })).toMatchObject({ met: false, seen: 'zk1 runs' });
  expectThat(await watch({ exited: 3 })).toMatchObject({ met: true });
  expectThat(await watch({ exited: 3, log: 'OutOfMemory' })).toMatchObject({ met: false });
});
