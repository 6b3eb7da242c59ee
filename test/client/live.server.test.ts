import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clockSince, sleep, takeOrigin } from '../../harness/base/clock.ts';
import { waitFor } from '../../harness/base/wait.ts';
import { creatorAcl } from '../../harness/client/acl.ts';
import { fourLetter, parseSrvr } from '../../harness/client/four-letter.ts';
import { RecordedSession, type Recorder } from '../../harness/client/recorded-session.ts';
import { createModes } from '../../harness/client/requests.ts';
import { Session } from '../../harness/client/session.ts';
import type { Op } from '../../harness/history/op.ts';
import { machineLacks } from '../support/gauntlet.ts';
import { type Standalone, startStandalone } from '../support/standalone.ts';

/** A signal takes its time to reach every thread of a JVM. */
function stopped({ process: { pid } }: Standalone): boolean {
  const states = readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').replace(/^.*\) /s, ''),
  );
  return states.every((state) => state.startsWith('T'));
}

/** The smallest session timeout a server with a tick of 500 ms grants. */
const shortestMs = 1000;

for (const version of ['3.4.14', '3.5.8', '3.9.5']) {
  const why = machineLacks === undefined ? '' : ` (unsupported: ${machineLacks})`;
  describe.skipIf(machineLacks !== undefined)(`against a real ${version}${why}`, () => {
    let server: Standalone;
    const modern = version !== '3.4.14';
    const ops: Op[] = [];
    const recorder: Recorder = {
      clock: clockSince(takeOrigin()),
      sink: { append: (op) => ops.push(op) },
      phase: 'workload',
    };
    let sessions = 0;
    beforeAll(async () => {
      server = await startStandalone(version);
    });
    afterAll(() => server?.stop());

    async function opened(
      listener?: ConstructorParameters<typeof Session>[0]['listener'],
      timeoutMs = shortestMs,
    ): Promise<RecordedSession> {
      const session = new RecordedSession({
        name: version,
        session: ++sessions,
        recorder,
        timeoutMs,
        ...(listener && { listener }),
      });
      expect(await session.open(server.endpoint)).toMatchObject({ outcome: 'ok' });
      return session;
    }

    test('zxids of replies rise by one a write, failed ones included, and reads show the last', async () => {
      const session = await opened();
      const first = await session.create('/z', 'a');
      const { zxid } = first;
      expect(await session.setData('/z', 'b', 0)).toMatchObject({ outcome: 'ok', zxid: zxid + 1 });
      expect(await session.setData('/z', 'c', 0)).toMatchObject({
        outcome: 'fail',
        error: -103,
        zxid: zxid + 2,
      });
      expect(await session.create('/z', 'd')).toMatchObject({ outcome: 'fail', error: -110, zxid: zxid + 3 });
      expect(await session.getData('/z')).toMatchObject({
        value: 'b',
        zxid: zxid + 3,
        stat: { mzxid: zxid + 1 },
      });
      expect(await session.sync('/z')).toMatchObject({ outcome: 'ok', zxid: zxid + 3 });
      expect(await session.delete('/z', 1)).toMatchObject({ outcome: 'ok', zxid: zxid + 4 });
      expect(await session.exists('/z')).toMatchObject({ outcome: 'fail', error: -101, zxid: zxid + 4 });
      expect(await session.close()).toMatchObject({ outcome: 'ok', zxid: zxid + 5 });
    });

    test('a thousand pipelined operations are answered in order, each row complete', async () => {
      const session = await opened();
      await session.create('/p', '0');
      const before = ops.length;
      await Promise.all(Array.from({ length: 1000 }, (_, i) => session.setData('/p', String(i), i)));
      const rows = ops.slice(before);
      expect(rows.map(({ stat }) => stat?.version)).toEqual(rows.map((_, i) => i + 1));
      expect(rows.map(({ zxid }) => zxid)).toEqual(rows.map((_, i) => rows[0]!.zxid + i));
      await session.close();
    });

    test('binary data and the longest data come back as they were', async () => {
      const session = await opened();
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      await session.create('/bytes', bytes);
      const answer = await session.session.request({ kind: 'getData', path: '/bytes', watch: false });
      expect(answer.body?.data).toEqual(bytes);
      expect(await session.getData('/bytes')).toMatchObject({ value: `bytes:${bytes.toString('hex')}` });
      const long = 'x'.repeat(1_000_000);
      expect(await session.setData('/bytes', long)).toMatchObject({ outcome: 'ok' });
      expect((await session.getData('/bytes')).value).toBe(long);
      await session.close();
    });

    test('a moved session keeps its ephemerals, watches and credentials', async () => {
      const events: string[] = [];
      const session = await opened({ watchEvent: ({ type, path }) => events.push(`${type} ${path}`) });
      await session.addAuth('digest', 'user:secret');
      await session.create('/mine', 'secret', { acls: creatorAcl });
      await session.create('/eph', 'e', { mode: createModes.ephemeral });
      await session.exists('/eph/none', true);
      await session.getData('/mine', true);
      session.destroySocket();
      expect(await session.getData('/mine')).toMatchObject({ outcome: 'notSent', error: -4 });
      expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'ok' });
      expect(await session.getData('/mine')).toMatchObject({ value: 'secret' });
      expect((await session.exists('/eph')).stat?.ephemeralOwner).toBe(session.session.id);
      await session.setData('/mine', 'changed');
      expect(events).toEqual(['NodeDataChanged /mine']);
      const other = await opened();
      expect(await other.getData('/mine')).toMatchObject({ outcome: 'fail', error: -102 });
      await session.close();
      expect(await other.exists('/eph')).toMatchObject({ error: -101 });
      await other.close();
    });

    test('a session left alone expires, with its ephemerals, and says so when it comes back', async () => {
      const session = await opened();
      const witness = await opened();
      await session.create('/gone', 'e', { mode: createModes.ephemeral });
      session.destroySocket();
      await waitFor({ what: 'the ephemeral to go', deadlineMs: 10_000 }, async () =>
        (await witness.exists('/gone')).error === -101 ? true : undefined,
      );
      expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'fail', error: -112 });
      expect(session.state).toEqual({ kind: 'expired' });
      expect(ops.slice(-2).map(({ kind }) => kind)).toEqual(['connect', 'expired']);
      await witness.close();
    });

    test('pings keep an idle session alive past its timeout', async () => {
      // Long enough that a busy machine does not keep a ping from its turn for a third of it.
      const timeoutMs = 3000;
      const session = await opened(undefined, timeoutMs);
      await session.create('/alive', 'e', { mode: createModes.ephemeral });
      await sleep(2 * timeoutMs);
      expect(session.state.kind).toBe('connected');
      expect(await session.exists('/alive')).toMatchObject({ outcome: 'ok' });
      await session.close();
    });

    // The server cuts the session's old connection before it looks at the password (ZooKeeperServer.processConnectRequest).
    test('a wrong password is an expired session, and costs the rightful owner only the connection', async () => {
      const session = await opened();
      const { id, lastZxidSeen } = session.session;
      const thief = new Session({
        timeoutMs: shortestMs,
        resume: { id, password: Buffer.alloc(16, 1), lastZxidSeen },
      });
      expect(await thief.open(server.endpoint)).toMatchObject({ outcome: 'fail', error: -112 });
      await waitFor(
        { what: 'the cut', deadlineMs: 2000 },
        () => session.state.kind === 'disconnected' || undefined,
      );
      expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'ok' });
      expect(await session.exists('/')).toMatchObject({ outcome: 'ok' });
      await session.close();
    });

    test('a server behind lastZxidSeen closes the door', async () => {
      const session = await opened();
      const { id, password } = session.session;
      session.destroySocket();
      const ahead = new Session({ timeoutMs: shortestMs, resume: { id, password, lastZxidSeen: 2 ** 40 } });
      expect(await ahead.open(server.endpoint)).toMatchObject({ outcome: 'unknown', error: -4 });
      expect(await session.moveTo(server.endpoint)).toMatchObject({ outcome: 'ok' });
      await session.close();
    });

    test('a write of a server that is stopped is unknown at its deadline, and answered late', async () => {
      const session = await opened();
      session.session.deadlineMs = 100;
      server.process.kill('SIGSTOP');
      try {
        await waitFor({ what: 'every thread to stop', deadlineMs: 5000 }, () => stopped(server) || undefined);
        expect(await session.create('/late', 'x')).toMatchObject({ outcome: 'unknown', error: -7, zxid: 0 });
      } finally {
        server.process.kill('SIGCONT');
      }
      session.session.deadlineMs = 5000;
      expect(await session.exists('/late')).toMatchObject({ outcome: 'ok' });
      expect(session.session.lateReplies).toBe(1);
      await session.close();
    });

    test.runIf(!modern)('create2 is unknown to it: a refusal without a zxid', async () => {
      const session = await opened();
      expect(await session.create('/two', 'x', { stat: true })).toMatchObject({
        outcome: 'fail',
        error: -6,
        zxid: 0,
      });
    });

    test.runIf(modern)('containers, TTL nodes and Stats on create', async () => {
      const session = await opened();
      const { zxid, stat } = await session.create('/two', 'x', { stat: true });
      expect(stat).toMatchObject({ czxid: zxid, ephemeralOwner: '0' });
      expect(await session.create('/box', 'x', { mode: createModes.container })).toMatchObject({
        name: '/box',
      });
      const ttl = await session.create('/ttl', 'x', { mode: createModes.persistentTtl, ttlMs: 60_000 });
      expect(ttl).toMatchObject({ outcome: 'ok', name: '/ttl' });
      await session.close();
    });

    test.runIf(version === '3.9.5')(
      'a recursive watch hears of everything below, with the zxid of the write',
      async () => {
        const events: string[] = [];
        const session = await opened({
          watchEvent: ({ type, path, zxid }) => events.push(`${type} ${path} ${zxid}`),
        });
        await session.create('/r', null);
        expect(await session.addWatch('/r', 'persistentRecursive')).toMatchObject({ outcome: 'ok' });
        const a = await session.create('/r/a', 'x');
        const b = await session.setData('/r/a', 'y');
        expect(events).toEqual([`NodeCreated /r/a ${a.zxid}`, `NodeDataChanged /r/a ${b.zxid}`]);
        expect(await session.removeWatches('/r')).toMatchObject({ outcome: 'ok' });
        await session.delete('/r/a');
        expect(events).toHaveLength(2);
        await session.close();
      },
    );

    test('srvr', async () => {
      const srvr = parseSrvr(await fourLetter(server.endpoint, 'srvr', 1000));
      expect(srvr).toMatchObject({ kind: 'serving', mode: 'standalone', version });
    });
  });
}
