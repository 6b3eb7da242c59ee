import { describe, expect, test } from 'vitest';
import type { Cut, Probe, Reach, Site } from '../../harness/backend/backend.ts';
import { proveCuts, proveHealed, provePathsWork } from '../../harness/fault/cut-proof.ts';
import { FaultMissed, FaultStuck } from '../../harness/fault/fault.ts';
import { OpenCuts } from '../../harness/fault/open-cuts.ts';

const cuts: Cut[] = [
  { from: 1, to: 2, ports: 'all' },
  { from: 2, to: 1, ports: 'all' },
];

/** A site whose network does what the test says, whatever it is told to cut. */
function site(reach: (probe: Probe) => Reach, dropped: number | undefined = undefined): Site {
  return {
    topology: { ports: { client: 2181, quorum: 2888, election: 3888 } },
    probe: async (probes: readonly Probe[]) => probes.map(reach),
    dropped: async () => dropped,
    setCuts: async () => undefined,
  } as unknown as Site;
}

const refused = site(() => 'refused');
const silent = site(() => 'silent');

describe('a cut that is prevented from biting', () => {
  test('is missed when a path still answers', async () => {
    await expect(proveCuts(refused, cuts)).rejects.toBeInstanceOf(FaultMissed);
    const halfCut = site(({ from }) => (from === 1 ? 'silent' : 'open'));
    await expect(proveCuts(halfCut, cuts)).rejects.toThrow('zk2 to zk1:7 still answers');
  });

  test('is missed when the kernel counted no lost packet, however silent the path is', async () => {
    await expect(
      proveCuts(
        site(() => 'silent', 0),
        cuts,
      ),
    ).rejects.toThrow('dropped no packet from zk1 to zk2');
  });

  test('is missed when the path was dead before, for then its silence proves nothing', {
    timeout: 10_000,
  }, async () => {
    const proof = provePathsWork(silent, cuts, new OpenCuts(silent), {});
    await expect(proof).rejects.toThrow('before the cut, zk1 to zk2:7, zk2 to zk1:7 was already silent');
  });
});

test('a cut that bites is proven by silence and by lost packets', async () => {
  const proof = await proveCuts(
    site(() => 'silent', 3),
    cuts,
  );
  expect(proof).toContain('zk1 to zk2:7 is silent');
  expect(proof).toContain('3 packets dropped from zk2 to zk1');
});

test('a probe that gave up before its packet was sent proves nothing yet, and is asked again', async () => {
  let asked = 0;
  const late = {
    ...site(() => 'silent'),
    probe: async (probes: readonly Probe[]) => {
      asked++;
      return probes.map((): Reach => 'silent');
    },
    dropped: async () => (asked < 3 ? 0 : 2),
  } as Site;
  expect(await proveCuts(late, cuts)).toContain('2 packets dropped from zk1 to zk2');
});

test('a path that answers when it is asked again is a leak', async () => {
  let asked = 0;
  const opening = {
    ...site(() => 'silent', 0),
    probe: async (probes: readonly Probe[]) => {
      asked++;
      return probes.map((): Reach => (asked === 1 ? 'silent' : 'open'));
    },
  } as Site;
  await expect(proveCuts(opening, cuts)).rejects.toThrow('still answers');
});

test('a server whose clients are cut off knocks at their door, for it has nothing else to say to them', async () => {
  const asked: Probe[] = [];
  const lost = (from: Cut['from'], to: Cut['to']): Cut => ({ from, to, ports: 'all' });
  await proveCuts(
    site((probe) => {
      asked.push(probe);
      return 'silent';
    }, 1),
    [lost('clients', 1), lost(1, 'clients')],
  );
  expect(asked).toEqual([
    { from: 'clients', to: 1, port: 7 },
    { from: 1, to: 'clients', port: 7 },
  ]);
});

test('a link that stays silent after its heal is stuck', { timeout: 10_000 }, async () => {
  await expect(proveHealed(silent, cuts, new OpenCuts(silent), {})).rejects.toBeInstanceOf(FaultStuck);
});

test('a busy machine that misses one probe is asked again', async () => {
  let asked = 0;
  const slow = site(() => (++asked <= 2 ? 'silent' : 'refused'));
  expect(await proveHealed(slow, cuts, new OpenCuts(slow), {})).toEqual([
    'zk1 to zk2:7: refused',
    'zk2 to zk1:7: refused',
  ]);
});
