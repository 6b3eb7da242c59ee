import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import { creatorAcl, openAcl } from '../../harness/client/acl.ts';
import { readHistory } from '../../harness/history/reader.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import type { Endpoint } from '../../harness/topology/endpoint.ts';
import { childrenOf, type RunningEnsemble, startEnsemble, withSession } from '../support/ensemble.ts';
import { gauntlet, launcher, machineLacks } from '../support/gauntlet.ts';
import { startRelay } from '../support/relay.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-attach-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const timeout = 240_000;
const gentle = ['--workload', 'mixed:clients=3,turnsPerSecond=40'];
const why = machineLacks === undefined ? '' : ` (skipped: ${machineLacks})`;

const runAt = (name: string) => join(out, name);
const argsOf = (servers: string, name: string, more: readonly string[]) => [
  'attach',
  '--servers',
  servers,
  '--out',
  runAt(name),
  ...more,
];
const attach = (servers: string, name: string, ...more: string[]) => gauntlet(argsOf(servers, name, more));

function journalOf(name: string): JournalEntry[] {
  const text = readFileSync(join(runAt(name), '1-attach', 'journal.ndjson'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalEntry);
}

const make = (endpoint: Endpoint, path: string, data: string | null = null) =>
  withSession(endpoint, async (session) => {
    const mode = 0 as const;
    const made = await session.request({
      kind: 'create',
      path,
      data,
      acls: openAcl,
      mode,
      ttlMs: 0,
      stat: false,
    });
    expect(made.error).toBe(0);
  });

/** A scenario file in which the leader is gone for far longer than any test. */
function longKill(): string {
  const path = join(out, 'long-kill.yaml');
  const workload = { use: 'mixed', clients: 3, turnsPerSecond: 40 };
  const faults = [{ fault: 'kill', target: 'leader' }];
  const steps = [{ when: { afterMs: 0 }, faults, forMs: 600_000 }];
  writeFileSync(path, JSON.stringify({ name: 'attach', workload, warmUpMs: 500, steps }));
  return path;
}

/** A run in a process group of its own, as a shell starts it. */
function begin(servers: string, name: string, ...more: string[]) {
  const child = spawn(process.execPath, [launcher, ...argsOf(servers, name, more)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const printed = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed.text += text;
    });
  }
  return { child, printed, ended: once(child, 'close') as Promise<[number | null]> };
}
/** A session lives on for its timeout when its client is dead; only then the node is nobody's. */
const ownerless = (endpoint: Endpoint, path: string) =>
  waitFor({ what: `${path} to have no owner`, deadlineMs: 60_000, everyMs: 200 }, async () => {
    const names = await childrenOf(endpoint, path);
    return (names && !names.includes('owner')) || undefined;
  });

const toGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals) => process.kill(-pid!, signal);

describe.skipIf(machineLacks)(`attached to an ensemble that somebody else runs${why}`, { timeout }, () => {
  let ensemble: RunningEnsemble;
  let first: Endpoint;
  /** A node that only has such a name. */
  const lookalike = 'gauntlet-of-honour';
  const top = ['app', lookalike, 'zookeeper'];
  const working = (name: string) =>
    waitFor({ what: `clients of ${name} to work`, deadlineMs: 60_000, everyMs: 100 }, async () => {
      const names = await childrenOf(first, `/gauntlet-${name}/1-attach/set`);
      return names && names.length >= 5 ? names : undefined;
    });
  const asBefore = async () => expect(await childrenOf(first, '/')).toEqual(top);

  beforeAll(async () => {
    ensemble = await startEnsemble({ voters: 3 });
    first = ensemble.endpoints[0]!;
    await make(first, '/app', 'theirs');
    await make(first, `/${lookalike}`, 'theirs');
  }, timeout);
  afterAll(() => ensemble?.[Symbol.asyncDispose]());

  test('a sound one passes, what could not be tested is told, and nothing of it is left', async () => {
    const { code, output } = await attach(ensemble.servers, 'sound', '--for', '1500ms', ...gentle);
    expect(code, output).toBe(0);
    expect(output).toMatch(/not tested: what survives a loss of power/);
    expect(output).toMatch(/not tested: rules one-leader-per-epoch.*: the logs/);
    expect(output).toMatch(/not tested: rules quorum-law/);
    await asBefore();

    const { paths } = readHistory(join(runAt('sound'), '1-attach', 'history.arrows'));
    const root = '/gauntlet-sound/1-attach';
    const outside = paths.filter((path) => path !== '' && path !== root && !path.startsWith(`${root}/`));
    expect(outside).toEqual([]);
    for (const report of ['junit.xml', 'summary.md', 'report.html']) {
      expect(readFileSync(join(runAt('sound'), report), 'utf8')).toContain('loss of power');
    }
    const again = await gauntlet(['check', runAt('sound'), '--json']);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual(
      JSON.parse(readFileSync(join(runAt('sound'), 'verdict.json'), 'utf8')),
    );
  });

  test('a node deleted behind its back turns the verdict red', async () => {
    const running = attach(ensemble.servers, 'evil', '--for', '4s', ...gentle);
    const [victim] = await working('evil');
    const path = `/gauntlet-evil/1-attach/set/${victim}`;
    await withSession(first, async (session) => {
      expect((await session.request({ kind: 'delete', path, version: -1 })).error).toBe(0);
    });
    const { code, output } = await running;
    expect(code, output).toBe(1);
    expect(output).toMatch(/VIOLATION/);
    expect(output).toContain(path);
    await asBefore();
  });

  test('a fault by commands counts with its proof, also when the verdict is judged again', async () => {
    await using control = await controlOf(ensemble);
    const { code, output } = await attach(
      ensemble.servers,
      'fault',
      ...['--for', '4500ms', ...gentle, ...control.killing],
    );
    expect(code, output).toBe(0);
    const landed = journalOf('fault').find(({ kind }) => kind === 'fault-landed');
    expect(landed).toMatchObject({
      proof: [expect.stringMatching(/^kill: after ".*" zk\d did not serve clients$/)],
    });
    expect(control.asked).toEqual([expect.stringMatching(/^kill \d$/), expect.stringMatching(/^start \d$/)]);
    await ensemble.serves();
    await asBefore();
  });

  test('Ctrl-C in the middle of a fault heals it and leaves nothing', async () => {
    await using control = await controlOf(ensemble);
    const { child, printed, ended } = begin(ensemble.servers, 'ctrl-c', longKill(), ...control.killing);
    await waitFor(
      { what: 'the fault to land', deadlineMs: 120_000, everyMs: 50 },
      () => printed.text.includes('command hit') || undefined,
    );
    toGroup(child, 'SIGINT');
    const [code] = await ended;
    expect(code, printed.text).toBe(130);
    expect(printed.text).toMatch(/the run was interrupted/);
    expect(control.asked).toHaveLength(2);
    expect(existsSync(join(runAt('ctrl-c'), 'junit.xml'))).toBe(true);
    await ensemble.serves();
    await asBefore();
  });

  test('SIGKILL of the command line in the middle of a fault heals it and leaves nothing', async () => {
    await using control = await controlOf(ensemble);
    const { child, printed } = begin(ensemble.servers, 'killed', longKill(), ...control.killing);
    await waitFor(
      { what: 'the fault to land', deadlineMs: 120_000, everyMs: 50 },
      () => printed.text.includes('command hit') || undefined,
    );
    child.kill('SIGKILL');
    await waitFor(
      { what: 'the tree to be as before', deadlineMs: 60_000, everyMs: 200 },
      async () => (await childrenOf(first, '/'))?.length === top.length || undefined,
    );
    expect(control.asked).toHaveLength(2);
    await ensemble.serves();
    await asBefore();
    const notes = journalOf('killed').flatMap((entry) => (entry.kind === 'note' ? entry.text : []));
    expect(notes).toEqual([
      expect.stringMatching(/^cut short: kill of zk\d is healed$/),
      'cut short: the clients are stopped',
      'cut short: /gauntlet-killed is removed',
    ]);
  });

  test('what a run leaves that was killed as a whole is removed by the next; living runs are left alone', async () => {
    const alive = begin(ensemble.servers, 'alive', '--for', '3m', ...gentle);
    await working('alive');
    const dead = begin(ensemble.servers, 'dead', '--for', '3m', ...gentle);
    await working('dead');
    toGroup(dead.child, 'SIGKILL');
    await dead.ended;
    expect(await childrenOf(first, '/')).toContain('gauntlet-dead');
    await ownerless(first, '/gauntlet-dead');

    const { code, stdout, output } = await attach(ensemble.servers, 'unused', '--clean');
    expect(code, output).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      '/gauntlet-alive left alone: the run that made it lives, or ended a moment ago',
      '/gauntlet-dead removed: the run that made it is dead',
      `/${lookalike} left alone: no run made it`,
    ]);
    expect(existsSync(runAt('unused'))).toBe(false);
    expect(await childrenOf(first, '/')).toEqual(['app', 'gauntlet-alive', lookalike, 'zookeeper'].sort());
    toGroup(alive.child, 'SIGTERM');
    await alive.ended;
    await asBefore();
  });

  test('below a chroot that is protected, credentials are needed, used, and stored nowhere', async () => {
    const auth = { scheme: 'digest', credentials: 'operator:s3cret' };
    await withSession(
      first,
      async (session) => {
        for (const [path, acls] of [['/app/zk', creatorAcl]] as const) {
          const mode = 0 as const;
          await session.request({ kind: 'create', path, data: null, acls, mode, ttlMs: 0, stat: false });
        }
      },
      auth,
    );
    const refused = await attach(`${ensemble.servers}/app/zk`, 'refused', '--for', '1s');
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(
      /^gauntlet: node \/app\/zk: its ACL does not let nodes .* give --auth digest:[^\n]*\n$/,
    );
    expect(existsSync(runAt('refused'))).toBe(false);

    const secret = `digest:${auth.credentials}`;
    const { code, output } = await attach(
      `${ensemble.servers}/app/zk`,
      'secret',
      ...['--auth', secret, '--for', '1s', ...gentle],
    );
    expect(code, output).toBe(0);
    expect(output).toContain('all below /app/zk/gauntlet-secret');
    expect(
      await withSession(
        first,
        (session) => session.request({ kind: 'getChildren', path: '/app/zk', watch: false }),
        auth,
      ),
    ).toMatchObject({ body: { children: [] } });
    for (const file of [
      'run.json',
      '1-attach/scenario.json',
      '1-attach/journal.ndjson',
      'report.html',
      'junit.xml',
    ]) {
      expect(readFileSync(join(runAt('secret'), file), 'utf8'), file).not.toContain('s3cret');
    }
  });

  test('a fault without commands makes its scenario unsupported, and says what would help', async () => {
    const file = join(out, 'isolate.yaml');
    const steps = [{ faults: [{ fault: 'isolate', target: 'leader' }] }];
    writeFileSync(file, JSON.stringify({ name: 'x', steps }));
    const { code, output } = await attach(ensemble.servers, 'isolate', file);
    expect(code, output).toBe(3);
    expect(output).toMatch(
      /fault "isolate": no link can be cut of somebody else's servers; give a command that/,
    );
    expect(output).toMatch(/UNSUPPORTED/);
    await asBefore();
  });

  test('servers of different ensembles are told apart before anything is written', async () => {
    await using lonely = await startEnsemble({ voters: 1 });
    const second = ensemble.endpoints[1]!;
    const { code, stderr } = await attach(`${lonely.servers},${second.host}:${second.port}`, 'mixed-up');
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /does not show what was written through .* 5 s ago; give servers of one ensemble only/,
    );
    expect(await childrenOf(lonely.endpoints[0]!, '/')).toEqual(['zookeeper']);
  });
});

describe.skipIf(machineLacks)(`an ensemble that dies${why}`, { timeout }, () => {
  test('what cannot be removed is told, with the command that does it later', async () => {
    await using ensemble = await startEnsemble({ voters: 1 });
    const [endpoint] = ensemble.endpoints as [Endpoint];
    const { child, printed, ended } = begin(ensemble.servers, 'dying', '--for', '3m', ...gentle);
    await waitFor(
      { what: 'clients to work', deadlineMs: 60_000, everyMs: 100 },
      () => printed.text.includes('clients at work') || undefined,
    );
    await ensemble.server(1).end('SIGKILL', 1000);
    toGroup(child, 'SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(printed.text).toMatch(
      /interrupted: \/gauntlet-dying: could not be removed .*`gauntlet attach --clean`/,
    );

    await ensemble.server(1).start();
    await ensemble.serves();
    await ownerless(endpoint, '/gauntlet-dying');
    const { code, stdout } = await attach(ensemble.servers, 'unused', '--clean');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '/gauntlet-dying removed: the run that made it is dead\n',
    });
    expect(await childrenOf(endpoint, '/')).toEqual(['zookeeper']);
  });
});

describe.skipIf(machineLacks)(`servers that do not answer srvr${why}`, { timeout }, () => {
  test('are judged by what clients see; who leads is not known, so nobody can be hit for leading', async () => {
    await using ensemble = await startEnsemble({ voters: 3 });
    // A frame begins with its length, and none is as short as a four-letter word.
    const relays = await Promise.all(
      ensemble.endpoints.map((each) => startRelay(each, ({ length }) => length === 4)),
    );
    try {
      const servers = relays.map(({ endpoint: { host, port } }) => `${host}:${port}`).join(',');
      const { code, output } = await attach(servers, 'mute', '--for', '1s', ...gentle);
      expect(code, output).toBe(0);
      expect(output).toMatch(/not tested: who leads, and when: .* did not answer srvr/);
      expect(output).toMatch(/all servers serve/);

      await using control = await controlOf(ensemble);
      const hit = await attach(servers, 'mute-leader', '--for', '3s', ...gentle, ...control.killing);
      expect(hit.code, hit.output).toBe(3);
      expect(hit.output).toMatch(/target "leader": some servers do not answer srvr.*or name servers by id/);
      const byId = ['--for', '4500ms', ...gentle, ...control.killing, '--target', '2'];
      const second = await attach(servers, 'mute-second', ...byId);
      expect(second.code, second.output).toBe(0);
      expect(control.asked).toEqual(['kill 2', 'start 2']);
      expect(await childrenOf(ensemble.endpoints[0]!, '/')).toEqual(['zookeeper']);
    } finally {
      await Promise.all(relays.map((relay) => relay[Symbol.asyncDispose]()));
    }
  });
});

describe.skipIf(machineLacks).each(['3.4.14', '3.5.8'])(`a release like %s${why}`, (version) => {
  test('passes, and nothing is left', { timeout }, async () => {
    await using ensemble = await startEnsemble({ voters: 3 }, version);
    const { code, output } = await attach(ensemble.servers, version, '--for', '1s', ...gentle);
    expect(code, output).toBe(0);
    expect(await childrenOf(ensemble.endpoints[0]!, '/')).toEqual(['zookeeper']);
  });
});

/** What an operator's tools are to servers: it kills and starts them, or freezes them, when a shell command asks. */
async function controlOf(ensemble: RunningEnsemble) {
  const asked: string[] = [];
  const acts: Record<string, (sid: number) => Promise<void>> = {
    kill: (sid) => ensemble.server(sid).end('SIGKILL', 1000),
    start: (sid) => ensemble.server(sid).start(),
  };
  const server = createServer((request, response) => {
    const [, act = '', sid = ''] = request.url!.split('/');
    asked.push(`${act} ${sid}`);
    acts[act]!(Number(sid)).then(
      () => response.end('done'),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (act: string) =>
    `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; printf "GET /${act}/{sid} HTTP/1.0\\r\\n\\r\\n" >&3; grep -q done <&3'`;
  const killing = ['--fault', `kill: ${ask('kill')}`, '--heal', `kill: ${ask('start')}`];
  return {
    asked,
    killing,

    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
