import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cut, Probe } from '../../../harness/backend/backend.ts';
import { holderName } from '../../../harness/backend/docker/build-base.ts';
import { proxiedClients } from '../../../harness/backend/docker/client-side.ts';
import { execIn } from '../../../harness/backend/docker/exec.ts';
import { siteLabels } from '../../../harness/backend/docker/labels.ts';
import { Watchdog } from '../../../harness/backend/docker/watchdog.ts';
import { waitFor } from '../../../harness/base/wait.ts';
import { docker, engine, engineHere, type Ground, ground, skipWithout } from './engine-here.ts';

/** Nothing listens there, so a working path refuses. */
const quiet = 7;

/** A cut in each of a holder's four sets, and a path it silences. What cuts do in full is in test/fault-table. */
const kinds: { cut: Cut; path: Probe }[] = [
  { cut: { from: 1, to: 2, ports: 'all' }, path: { from: 2, to: 1, port: quiet } },
  { cut: { from: 2, to: 3, ports: 'quorum' }, path: { from: 2, to: 3, port: 2888 } },
  { cut: { from: 3, to: 'clients', ports: 'all' }, path: { from: 'clients', to: 3, port: quiet } },
  { cut: { from: 2, to: 'clients', ports: 'client' }, path: { from: 'clients', to: 2, port: 2181 } },
];

describe.skipIf(engineHere.missing)(`links between pods${skipWithout(engineHere.missing)}`, () => {
  let place: Ground;
  beforeAll(async () => {
    place = await ground({ voters: 3 }, 'test-links');
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const timed = (cuts: readonly Cut[], ms: number) =>
    cuts.map((cut) => ({ ...cut, untilNs: place.clock.nowNs() + ms * 1e6 }));

  it('cuts of every kind heal on their deadline by the kernel alone', async () => {
    const cuts = kinds.map(({ cut }) => cut);
    const paths = kinds.map(({ path }) => path);
    await place.site.setCuts(timed(cuts, 2_500));
    expect(await place.site.probe(paths)).toEqual(paths.map(() => 'silent'));
    await waitFor({ what: 'the links to heal', deadlineMs: 10_000 }, async () =>
      (await place.site.probe(paths)).every((reach) => reach === 'refused') ? true : undefined,
    );
    for (const cut of cuts) expect(await place.site.dropped(cut)).toBeUndefined();
  });

  it('clients behind a port proxy see the same cuts', async () => {
    const labels = await siteLabels('test-links', 'proxied');
    const watchdog = Watchdog.start(engine().address, labels.site);
    try {
      const clients = await proxiedClients(docker(), labels, holderName);
      const target = { host: place.site.machines.get(1)!.endpoint.host, port: quiet };
      expect(await clients.probe([target], 400)).toEqual(['refused']);
      await place.site.setCuts(timed([{ from: 'clients', to: 1, ports: 'all' }], 60_000));
      expect(await clients.probe([target], 400)).toEqual(['silent']);
      await place.site.setCuts([]);
      expect(await clients.probe([target], 400)).toEqual(['refused']);
    } finally {
      await watchdog.end();
    }
  });

  it('two sites on one engine do not meet: neither addresses, names, nor cuts', async () => {
    await using other = await ground({ voters: 1 }, 'test-links-other');
    const [mine, theirs] = [place.site.machines.get(1)!, other.site.machines.get(1)!];
    expect(mine.endpoint.host).not.toBe(theirs.endpoint.host);
    await place.site.setCuts(timed([{ from: 'clients', to: 1, ports: 'all' }], 60_000));
    expect(await other.site.probe([{ from: 'clients', to: 1, port: quiet }])).toEqual(['refused']);
    await other.site.setCuts([]);
    expect(await place.site.probe([{ from: 'clients', to: 1, port: quiet }])).toEqual(['silent']);
    await place.site.setCuts([]);

    const holders = await docker().listContainers({
      filters: { label: ['org.zk-gauntlet.run=test-links', 'org.zk-gauntlet.role=holder'] },
    });
    const connect = `exec 3<>/dev/tcp/${theirs.endpoint.host}/${quiet}`;
    const { code } = await execIn(
      docker().getContainer(holders[0]!.Id),
      ['timeout', '2', 'bash', '-c', connect],
      'connecting to the other site',
    );
    // 124: silence until the end of its time. Engines drop packets between networks of their own.
    expect(code).toBe(124);
  });
});
