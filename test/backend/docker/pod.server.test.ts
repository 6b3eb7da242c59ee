import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Machine, TimedCut } from '../../../harness/backend/backend.ts';
import { waitFor } from '../../../harness/base/wait.ts';
import { lookAt } from '../../../harness/ensemble/look.ts';
import { docker, engineHere, type Ground, ground, labelled, skipWithout } from './engine-here.ts';

const serves = ({ name, endpoint }: Machine) =>
  waitFor({ what: `${name} to serve`, deadlineMs: 60_000 }, async () => {
    const { role } = await lookAt(endpoint);
    return ['standalone', 'leader', 'follower'].includes(role) ? role : undefined;
  });

const isNow = (machine: Machine, state: string) =>
  waitFor({ what: `${machine.name} to be ${state}`, deadlineMs: 10_000 }, async () =>
    (await machine.state()) === state ? true : undefined,
  );

describe.skipIf(engineHere.missing)(`one server in a pod${skipWithout(engineHere.missing)}`, () => {
  let place: Ground;
  let machine: Machine;
  beforeAll(async () => {
    place = await ground({ voters: 1 }, 'test-pod');
    machine = place.site.machines.get(1)!;
    await machine.start();
    await serves(machine);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const ports = async () => {
    const [holder] = await docker().listContainers({
      filters: { label: ['org.zk-gauntlet.run=test-pod', 'org.zk-gauntlet.role=holder'] },
    });
    return JSON.stringify([holder!.Ports, holder!.NetworkSettings.Networks]);
  };

  it('keeps its address, published port, data and cuts when it is killed and started again', async () => {
    const { site, clock } = place;
    const before = await ports();
    const stored = (await machine.storedFiles()).length;
    const cut: TimedCut = { from: 1, to: 'clients', ports: 'quorum', untilNs: clock.nowNs() + 60e9 };
    await site.setCuts([cut]);

    await machine.signal('SIGKILL');
    expect(await machine.ended()).toEqual({ code: null, signal: 'SIGKILL' });
    await isNow(machine, 'gone');
    expect(await site.probe([{ from: 'clients', to: 1, port: 2181 }])).toEqual(['refused']);
    await machine.start();
    expect(await serves(machine)).toBe('standalone');

    expect(await ports()).toBe(before);
    expect((await machine.storedFiles()).length).toBeGreaterThanOrEqual(stored);
    expect(await site.dropped(cut)).toBe(0);
    await site.setCuts([]);
    expect(await site.dropped(cut)).toBeUndefined();
  });

  it('ends in order on SIGTERM, with the exit code a JVM then has', async () => {
    await machine.signal('SIGTERM');
    expect(await machine.ended()).toEqual({ code: 143, signal: null });
    await machine.start();
    await serves(machine);
  });

  it('logs every line once, in the order it was printed, across restarts', async () => {
    await machine.signal('SIGKILL');
    await machine.ended();
    await machine.start();
    await serves(machine);
    await machine.signal('SIGTERM');
    await machine.ended();
    const [server] = await docker().listContainers({
      all: true,
      filters: { label: ['org.zk-gauntlet.run=test-pod', 'org.zk-gauntlet.role=server'] },
    });
    const engines = await docker().getContainer(server!.Id).logs({ stdout: true, stderr: true });
    const linesOf = (text: string) => text.match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} .*/g);
    const ours = linesOf(readFileSync(machine.logFile, 'utf8'));
    expect(ours?.filter((line) => line.includes('binding to port')).length).toBeGreaterThanOrEqual(2);
    expect(ours).toEqual(linesOf(engines.toString('utf8')));
    await machine.start();
    await serves(machine);
  });

  it('freezes and goes on; a freeze ends by itself on its deadline', async () => {
    const { clock } = place;
    await machine.thawAt(clock.nowNs() + 60e9);
    await machine.signal('SIGSTOP');
    await isNow(machine, 'paused');
    expect((await lookAt(machine.endpoint)).role).toBe('silent');
    await machine.signal('SIGCONT');
    await isNow(machine, 'running');
    await serves(machine);

    const until = clock.nowNs() + 1.5e9;
    await machine.thawAt(until);
    await machine.signal('SIGSTOP');
    await isNow(machine, 'paused');
    await isNow(machine, 'running');
    expect(clock.nowNs()).toBeGreaterThanOrEqual(until);
    await machine.thawAt(null);
    await serves(machine);
  });

  it('can be killed while frozen', async () => {
    await machine.signal('SIGSTOP');
    await isNow(machine, 'paused');
    await machine.signal('SIGKILL');
    expect(await machine.ended()).toEqual({ code: null, signal: 'SIGKILL' });
    await isNow(machine, 'gone');
  });

  it('has its files back that were emptied or deleted', async () => {
    const files = await machine.storedFiles();
    const snapshots = files.filter((path) => /\/snapshot\.\w+$/.test(path));
    const [myid] = files.filter((path) => path.endsWith('/myid'));
    expect(snapshots).not.toEqual([]);
    await machine.damage(snapshots, 'emptied');
    await machine.damage([myid!], 'deleted');
    expect((await machine.storedFiles()).sort()).toEqual(files.filter((path) => path !== myid).sort());
    await machine.repair();
    expect((await machine.storedFiles()).sort()).toEqual(files.sort());
    await machine.start();
    expect(await serves(machine)).toBe('standalone');
    await machine.signal('SIGKILL');
    await isNow(machine, 'gone');
  });

  it('keeps a copy of its data, and loses all of it in a wipe', async () => {
    expect(await machine.state()).toBe('gone');
    expect((await machine.storedFiles()).length).toBeGreaterThan(1);
    const evidence = join(place.directory, 'evidence');
    await machine.keepData(evidence);
    expect(readdirSync(join(evidence, 'zk1', 'data'))).toEqual(expect.arrayContaining(['myid', 'version-2']));

    await machine.wipe();
    expect(await machine.storedFiles()).toEqual([]);
    await machine.start();
    expect(await serves(machine)).toBe('standalone');
    await expect(machine.wipe()).rejects.toThrow('while its process runs');
  });

  it('bears the label on everything', async () => {
    const objects = await labelled('test-pod');
    const all = [
      ...(await docker().listContainers({ all: true })).map(({ Names }) => `container ${Names[0]}`),
      ...(await docker().listVolumes()).Volumes.map(({ Name }) => `volume ${Name}`),
    ].filter((each) => objects.length > 0 && each.includes(objects[0]!.match(/zk-gauntlet-[\w-]{13}/)![0]));
    expect(objects.length).toBe(all.length + 1);
  });
});
