import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../../harness/base/wait.ts';
import { launcher } from '../../support/gauntlet.ts';
import { labelled, skipWithout } from './engine-here.ts';
import { noOwnEngine, type OwnEngine, ownEngine } from './own-engine.ts';

const suite = {
  name: 'trouble',
  scenarios: [{ name: 'one', topology: { voters: 1 }, warmUpMs: 3000, steps: [], powerOff: false }],
};

describe.skipIf(noOwnEngine)(`trouble with the engine${skipWithout(noOwnEngine)}`, () => {
  let engine: OwnEngine;
  let directory: string;
  let file: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
    file = join(directory, 'trouble.yaml');
    writeFileSync(file, JSON.stringify(suite));
    engine = await ownEngine();
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true });
    await engine[Symbol.asyncDispose]();
  });

  /** A run on our own engine; `around` may put a shell between. */
  function run(out: string, around: readonly string[] = []): { child: ChildProcess; ended: Promise<Ended> } {
    const gauntlet = [process.execPath, launcher, 'run', file, '--backend', 'docker', '--out', out];
    const [program, ...args] = [...engine.enter, ...around, ...gauntlet];
    const child = spawn(program!, args, {
      env: { ...process.env, DOCKER_HOST: engine.host, TESTCONTAINERS_RYUK_DISABLED: 'true', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]).then(([stdout, stderr, code]) => ({ code, output: stdout + stderr }));
    return { child, ended };
  }

  it.each([
    { signal: 'TERM', says: /Docker engine: does not answer|stopped from outside/ },
    { signal: 'KILL', says: /Docker engine: does not answer/ },
  ] as const)(
    'an engine that ends in the middle of a run ($signal) makes it invalid, with all evidence there was',
    async ({ signal, says }) => {
      const out = join(directory, signal);
      const { child, ended } = run(out);
      const journal = join(out, '1-one', 'journal.ndjson');
      await waitFor(
        { what: 'clients to be at work', deadlineMs: 60_000 },
        () =>
          child.exitCode !== null ||
          (existsSync(journal) && /warm-up/.test(readFileSync(journal, 'utf8'))) ||
          undefined,
      );
      await engine.stop(signal);
      const { code, output } = await ended;
      expect(code, output).toBe(3);
      expect(output).toMatch(says);
      expect(output).toContain('run again');
      const kept = readdirSync(join(out, '1-one'));
      expect(kept).toEqual(
        expect.arrayContaining(['journal.ndjson', 'history.arrows', 'outcome.json', 'logs']),
      );
      expect(readFileSync(join(out, '1-one', 'logs', 'zk1.log'), 'utf8')).toContain('binding to port');
      expect(existsSync(join(out, '1-one', 'evidence', 'zk1'))).toBe(false);

      await engine.start();
      await waitFor({ what: 'nothing to be left', deadlineMs: 30_000, everyMs: 200 }, async () =>
        (await labelled(undefined, engine.docker)).length === 0 ? true : undefined,
      );
    },
  );

  it('a full disk of the engine is named, and how to make room', async () => {
    // A disk in memory can be made as small as what it holds.
    await engine.beside('mount -o remount,size=$(df --output=used -k data | tail -1)k data');
    const { code, output } = await run(join(directory, 'full')).ended;
    await engine.beside('mount -o remount,size=1500m data');
    expect(code, output).toBe(3);
    expect(output).toMatch(/Docker engine, its disk is full: .*no space left on device.*; make room/);
  });

  it('a full disk of the run directory is named, and what was stored before is kept', async () => {
    const out = join(directory, 'small');
    // The little disk goes with the shell, so what is on it is copied.
    const small =
      'mkdir "$0" && mount -t tmpfs -o size=256k tmpfs "$0"; "$@"; code=$?; cp -a "$0" "$0.kept"; exit $code';
    const { code, output } = await run(out, ['unshare', '--mount', 'bash', '-c', small, out]).ended;
    expect(code, output).toBe(3);
    expect(output).toContain('ENOSPC: no space left on device');
    expect(readFileSync(join(`${out}.kept`, '1-one', 'journal.ndjson'), 'utf8')).toContain(
      '"kind":"serving"',
    );
  });

  it('no free port for a server is named', async () => {
    const [first, last] = [40_000, 40_001];
    const ports = '/proc/sys/net/ipv4/ip_local_port_range';
    await engine.stop('TERM');
    await engine.beside(`was=$(< ${ports}); echo ${first} ${last} > ${ports}`);
    await engine.start();
    const listen = `for (const port of [${first}, ${last}]) require('node:net').createServer().listen(port, '0.0.0.0')`;
    const [program, ...args] = [...engine.enter, process.execPath, '-e', `${listen}; console.log('held')`];
    const other = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout!, 'data');
    const { code, output } = await run(join(directory, 'ports')).ended;
    other.kill('SIGKILL');
    await engine.beside(`echo $was > ${ports}`);
    expect(code, output).toBe(3);
    expect(output).toMatch(/Docker engine, port taken: .*40001.* \(while starting the holder of zk1\); /);
  });
});

interface Ended {
  code: number | null;
  output: string;
}
