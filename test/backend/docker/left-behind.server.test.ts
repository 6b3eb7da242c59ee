import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { holderName } from '../../../harness/backend/docker/build-base.ts';
import { label, siteLabels } from '../../../harness/backend/docker/labels.ts';
import { sweep } from '../../../harness/backend/docker/sweep.ts';
import { sleep } from '../../../harness/base/clock.ts';
import { waitFor } from '../../../harness/base/wait.ts';
import { docker, engineHere, ground, labelled, skipWithout } from './engine-here.ts';

const script = fileURLToPath(new URL('./owner.ts', import.meta.url));
/** What the README promises. */
const goneMs = 30_000;

const owners: ChildProcess[] = [];
/** Theirs is in here: who is killed removes no files. */
let directory: string;
/** Of this test run alone. */
const unique = (name: string) => `${name}-${process.pid}`;

/** Starts owner.ts; resolves with it when it has said `word`. */
async function owner(run: string, word: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, run, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  owners.push(child);
  const ended = new Promise<never>((_, reject) => child.once('exit', () => reject(new Error('owner ended'))));
  const said = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === word) resolve();
    });
  });
  // The owner is killed later on, which is the test: then the race is over, and has taken note of both.
  await Promise.race([said, ended]);
  return child;
}

const nothingLeft = (run: string) =>
  waitFor({ what: `nothing of ${run} to be left`, deadlineMs: goneMs, everyMs: 200 }, async () =>
    (await labelled(run)).length === 0 ? true : undefined,
  );

describe.skipIf(engineHere.missing)(`what a killed owner leaves${skipWithout(engineHere.missing)}`, () => {
  /** Things of somebody else, beside ours all the time. */
  const foreign = `foreign-${process.pid}`;
  let before: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
    await docker().createNetwork({ Name: foreign, Labels: { 'org.example': 'foreign' } });
    await docker().createVolume({ Name: foreign });
    const container = await docker().createContainer({
      name: foreign,
      Image: holderName,
      Entrypoint: [
        'bash',
        '-c',
        'nft add table inet gauntlet; nft add table inet other; exec sleep infinity',
      ],
      HostConfig: {
        CapAdd: ['NET_ADMIN'],
        NetworkMode: foreign,
        Mounts: [{ Type: 'volume', Source: foreign, Target: '/v' }],
      },
    });
    await container.start();
    // A busy machine may need several tries (machine.ts).
    await waitFor({ what: 'the foreign container to freeze', deadlineMs: 20_000 }, async () => {
      await container.pause();
      return true;
    });
    before = await foreignState();
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true });
    await docker().getContainer(foreign).remove({ force: true });
    await docker().getNetwork(foreign).remove();
    await docker().getVolume(foreign).remove();
  });

  afterEach(() => {
    for (const child of owners.splice(0)) child.kill('SIGKILL');
  });

  async function foreignState(): Promise<string> {
    const { Id, State } = await docker().getContainer(foreign).inspect();
    const network = await docker().getNetwork(foreign).inspect();
    const volume = await docker().getVolume(foreign).inspect();
    const rules = execFileSync('nsenter', [`--net=/proc/${State.Pid}/ns/net`, 'nft', 'list', 'ruleset']);
    return JSON.stringify([Id, State.Status, network, volume, rules.toString()]);
  }

  it.each([
    { word: 'begins', afterMs: 0 },
    { word: 'begins', afterMs: 250 },
    { word: 'begins', afterMs: 600 },
    { word: 'begins', afterMs: 1000 },
    { word: 'provisioned', afterMs: 0 },
    { word: 'provisioned', afterMs: 100 },
    { word: 'started', afterMs: 0 },
    { word: 'paused', afterMs: 0 },
  ])('is nothing, $afterMs ms after "$word"', async ({ word, afterMs }) => {
    const run = unique(`test-kill-${word}-${afterMs}`);
    const child = await owner(run, word);
    await sleep(afterMs);
    child.kill('SIGKILL');
    await nothingLeft(run);
    // Long enough for a request of its last moment to have been carried out.
    await sleep(1_000);
    expect(await labelled(run)).toEqual([]);
    expect(await foreignState()).toBe(before);
  });

  it('is nothing when its whole process group dies, as with Ctrl-C or a closed terminal', async () => {
    const child = await owner(unique('test-kill-group'), 'started');
    process.kill(-child.pid!, 'SIGKILL');
    await nothingLeft(unique('test-kill-group'));
  });

  it('leaves the other of two owners alone', async () => {
    const [first, second] = await Promise.all([
      owner(unique('test-kill-a'), 'paused'),
      owner(unique('test-kill-b'), 'paused'),
    ]);
    const kept = await labelled(unique('test-kill-b'));
    first.kill('SIGKILL');
    await nothingLeft(unique('test-kill-a'));
    expect(await labelled(unique('test-kill-b'))).toEqual(kept);
    second.kill('SIGKILL');
    await nothingLeft(unique('test-kill-b'));
  });

  it('is swept by hand when the reaper died with it, and only then', async () => {
    await using mine = await ground({ voters: 1 }, 'test-sweep-mine');
    expect(mine.site.machines.size).toBe(1);
    const labels = await siteLabels('test-sweep-dead', 'sweep');
    const identity = JSON.parse(labels.of('network')[label.owner]!) as { started: string };
    const dead = JSON.stringify({ ...identity, started: 'another boot 1' });
    const elsewhere = JSON.stringify({ ...identity, place: 'another machine' });
    const orphan = { ...labels.of('network'), [label.owner]: dead };
    await docker().createNetwork({ Name: 'test-sweep-dead', Labels: orphan });
    await docker().createVolume({ Name: 'test-sweep-dead', Labels: orphan });
    const far = (await siteLabels('test-sweep-far', 'sweep')).of('network');
    await docker().createVolume({ Name: 'test-sweep-far', Labels: { ...far, [label.owner]: elsewhere } });
    try {
      const swept = await sweep();
      const fateOf = (run: string) => swept.find((each) => each.run === run)?.fate;
      expect(fateOf('test-sweep-dead')).toBe('removed');
      expect(fateOf('test-sweep-mine')).toBe('kept');
      expect(fateOf('test-sweep-far')).toBe('unsure');
      expect(await labelled('test-sweep-dead')).toEqual([]);
      expect((await labelled('test-sweep-mine')).length).toBeGreaterThan(0);
      expect(await foreignState()).toBe(before);
    } finally {
      await docker().getVolume('test-sweep-far').remove();
    }
  });
});
