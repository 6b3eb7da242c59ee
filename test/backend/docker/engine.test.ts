import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contextEnvironment } from '../../../harness/backend/docker/context.ts';
import { partsOf, releaseOf } from '../../../harness/backend/docker/contract.ts';
import { ask, explain, statusOf } from '../../../harness/backend/docker/engine.ts';
import { exitOf } from '../../../harness/backend/docker/exit.ts';
import { label, ownerOf, siteLabels } from '../../../harness/backend/docker/labels.ts';
import { placesOf } from '../../../harness/backend/docker/present-image.ts';
import { javaEnv } from '../../../harness/backend/docker/server-files.ts';
import { subnetAt, subnetCount } from '../../../harness/backend/docker/subnet.ts';
import { tarOf } from '../../../harness/backend/docker/tar.ts';
import { Trouble } from '../../../harness/base/trouble.ts';

const httpError = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), { statusCode });

describe('what an engine says', () => {
  it.each([
    [
      httpError(500, 'write /var/lib/docker/x: no space left on device'),
      'its disk is full',
      'docker system prune',
    ],
    [httpError(500, 'Bind for 127.0.0.1:2181 failed: port is already allocated'), 'port taken', 'run again'],
    [
      httpError(400, 'exec /docker-entrypoint.sh: exec format error'),
      'wrong architecture',
      'architecture of the engine',
    ],
    [
      httpError(400, 'exec: "sh": executable file not found in $PATH: unknown'),
      'program missing',
      'image that has it',
    ],
    [
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'does not answer',
      'docker version',
    ],
    [
      Object.assign(new Error('connect EACCES /var/run/docker.sock'), { code: 'EACCES' }),
      'no permission',
      'group',
    ],
    [new Error('socket hang up'), 'does not answer', 'docker version'],
    [httpError(409, 'something new'), 'something new (while testing)', 'its log'],
  ])('%s becomes trouble with a reason and a remedy', (error, reason, remedy) => {
    const trouble = explain(error, 'testing');
    expect(trouble).toBeInstanceOf(Trouble);
    expect((trouble as Trouble).message).toContain(reason);
    expect((trouble as Trouble).message).toContain(remedy);
    expect((trouble as Trouble).message).not.toContain('HTTP code');
    expect((trouble as Trouble).exit).toBe(3);
  });

  it('a mistake of ours stays one', () => {
    const mistake = new TypeError('x is not a function');
    expect(explain(mistake, 'testing')).toBe(mistake);
  });

  it('silence ends on its deadline and says what was asked', async () => {
    await expect(ask('asking', new Promise(() => undefined), 20)).rejects.toThrow('no answer within 0.02 s');
    await expect(ask('asking', new Promise(() => undefined), 20)).rejects.toThrow('while asking');
  });

  it('keeps the status for callers that know it', async () => {
    const error = await ask('asking', Promise.reject(httpError(404, 'No such image'))).catch(
      (e: unknown) => e,
    );
    expect(statusOf(error)).toBe(404);
  });
});

describe('which engine is meant', () => {
  const home = mkdtempSync(join(tmpdir(), 'gauntlet-context-'));
  const folder = createHash('sha256').update('lab').digest('hex');
  const meta = join(home, 'contexts', 'meta', folder);
  mkdirSync(meta, { recursive: true });
  const point = (host: string) =>
    writeFileSync(
      join(meta, 'meta.json'),
      JSON.stringify({ Name: 'lab', Endpoints: { docker: { Host: host } } }),
    );

  it('the current context of docker, unless DOCKER_HOST is set', () => {
    point('unix:///lab.sock');
    writeFileSync(join(home, 'config.json'), JSON.stringify({ currentContext: 'lab' }));
    expect(contextEnvironment({ DOCKER_CONFIG: home })).toEqual({ DOCKER_HOST: 'unix:///lab.sock' });
    expect(contextEnvironment({ DOCKER_CONFIG: home, DOCKER_CONTEXT: 'default' })).toEqual({});
    expect(contextEnvironment({ DOCKER_CONFIG: home, DOCKER_HOST: 'tcp://x:1' })).toEqual({});
    expect(contextEnvironment({ DOCKER_CONFIG: join(home, 'none') })).toEqual({});
  });

  it('with its certificates', () => {
    point('tcp://lab:2376');
    const tls = join(home, 'contexts', 'tls', folder, 'docker');
    mkdirSync(tls, { recursive: true });
    writeFileSync(join(tls, 'ca.pem'), '');
    const environment = { DOCKER_HOST: 'tcp://lab:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: tls };
    expect(contextEnvironment({ DOCKER_CONFIG: home })).toEqual(environment);
  });

  it('an unknown context, and one over ssh, are named', () => {
    expect(() => contextEnvironment({ DOCKER_CONFIG: home, DOCKER_CONTEXT: 'nowhere' })).toThrow(
      'there is none',
    );
    point('ssh://lab');
    expect(() => contextEnvironment({ DOCKER_CONFIG: home })).toThrow('ssh://lab');
    rmSync(home, { recursive: true });
  });
});

describe('small pieces', () => {
  it('subnets are /26 of 198.18.0.0/15 and hold 18 servers', () => {
    expect(subnetAt(0)).toMatchObject({ cidr: '198.18.0.0/26', gateway: '198.18.0.1' });
    expect(subnetAt(subnetCount - 1)).toMatchObject({ cidr: '198.19.255.192/26', gateway: '198.19.255.193' });
    expect(subnetAt(5).addressOf(18)).toBe('198.18.1.92');
    expect([101, 105].map(subnetAt(0).addressOf)).toEqual(['198.18.0.41', '198.18.0.45']);
    expect(() => subnetAt(0).addressOf(42)).toThrow('no address for node 42');
    expect(() => subnetAt(subnetCount)).toThrow('no subnet');
  });

  it('an exit of 137 is a death by SIGKILL, of 143 an answer to SIGTERM', () => {
    expect(exitOf(137)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(exitOf(143)).toEqual({ code: 143, signal: null });
    expect(exitOf(1)).toEqual({ code: 1, signal: null });
  });

  it('tar reads our archives', () => {
    const files = [
      { name: 'zoo.cfg', text: 'a=1\n' },
      { name: 'long', text: 'x'.repeat(1000) },
    ];
    const listing = execFileSync('tar', ['-tvf', '-'], { input: tarOf(files, 0), encoding: 'utf8' });
    expect(listing).toMatch(/1000\/1000 +4 .*zoo\.cfg\n.*1000\/1000 +1000 .*long\n/);
    const text = execFileSync('tar', ['-xOf', '-', 'long'], { input: tarOf(files, 0), encoding: 'utf8' });
    expect(text).toBe('x'.repeat(1000));
  });

  it('JVM flags that a shell would change are refused', () => {
    expect(javaEnv(['-Xmx64m', '-Da=b'])).toBe("export JVMFLAGS='-Xmx64m -Da=b'\n");
    expect(() => javaEnv(['-Da=b c'])).toThrow('--backend sandbox');
  });

  it('an owner of this process lives, one of an earlier boot is gone, one elsewhere is unknown', async () => {
    const labels = (await siteLabels('run', 'scenario')).of('server');
    const identity = JSON.parse(labels[label.owner]!) as Record<string, unknown>;
    const owned = (change: object) => ownerOf({ [label.owner]: JSON.stringify({ ...identity, ...change }) });
    expect(await owned({})).toBe('alive');
    expect(await owned({ started: 'another boot 1' })).toBe('gone');
    expect(await owned({ place: 'another machine' })).toBe('unknown');
    expect(await ownerOf({})).toBe('unknown');
  });

  it('places and release of an image are read from what it says', () => {
    expect(placesOf('x', ['ZOO_DATA_DIR=/store', 'A=b'])).toMatchObject({
      dataDir: '/store',
      confDir: '/conf',
    });
    expect(partsOf('noise\n@@ myid\n7\n@@ end\n')).toEqual({ myid: '7\n', end: '' });
    expect(releaseOf('lib\nzookeeper-3.9.5.jar\nzookeeper-jute-3.9.5.jar')).toBe('3.9.5');
    expect(releaseOf('zookeeper-3.5.3-beta.jar')).toBe('3.5.3-beta');
    expect(releaseOf(undefined)).toBeUndefined();
  });
});
