import fc from 'fast-check';
import { expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import type { AnswerTo } from '../../harness/client/call.ts';
import { Session } from '../../harness/client/session.ts';
import { eventFrame, frameOf, startFakeServer, welcomeFrame, writeStat } from '../support/fake-server.ts';

/** A server that answers the handshake, waits for `requests` requests and then sends `bytes` in the given chunks. */
async function talk(bytes: Buffer, sizes: readonly number[], requests = 4) {
  await using server = await startFakeServer({
    onRequest: ({ socket, requests: got }) => {
      if (got.length < requests) return;
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const end = at + sizes[i % sizes.length]!;
        socket.write(bytes.subarray(at, end));
        at = end;
      }
      socket.end();
    },
  });
  const session = new Session({ timeoutMs: 10_000, maxFrameBytes: 4096 });
  await session.open(server.endpoint);
  const answers = await Promise.all(
    Array.from({ length: requests }, () => session.request({ kind: 'getData', path: '/a', watch: false })),
  );
  // The server has closed: whatever it said, the session must hear of its end.
  const reason = await waitFor({ what: 'the end of the connection', deadlineMs: 2000, everyMs: 1 }, () =>
    session.state.kind === 'disconnected' ? session.state.reason : undefined,
  );
  return { answers, reason };
}

function goodReply(xid: number): Buffer {
  return frameOf((writer) => {
    writer.int(xid);
    writer.long(100 + xid);
    writer.int(0);
    writer.bytes(`value ${xid}`);
    writeStat(writer);
  });
}

const good = Buffer.concat([
  goodReply(1),
  eventFrame(3, '/a'),
  goodReply(2),
  goodReply(3),
  eventFrame(1, '/b', 7),
  goodReply(4),
]);
const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 5 });

function expectSettled(answers: readonly AnswerTo<'getData'>[]): void {
  const outcomes = answers.map(({ outcome }) => outcome);
  const answered = outcomes.indexOf('unknown');
  // Once an answer is missing all later ones are: nothing is matched out of order.
  if (answered >= 0) expect(outcomes.slice(answered).every((outcome) => outcome === 'unknown')).toBe(true);
}

test('a stream means the same however the network cuts it', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, async (chunks) => {
      const { answers, reason } = await talk(good, chunks);
      expect(answers.map(({ body }) => body?.data)).toEqual(['value 1', 'value 2', 'value 3', 'value 4']);
      expect(answers.map(({ zxid }) => zxid)).toEqual([101, 102, 103, 104]);
      expect(reason).toEqual({ kind: 'ended' });
    }),
    { numRuns: 25 },
  );
});

test('a stream that ends early answers what it answered and leaves the rest unknown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: good.length - 1 }), sizes, async (length, chunks) => {
      const { answers, reason } = await talk(good.subarray(0, length), chunks);
      expectSettled(answers);
      expect(answers.at(-1)).toMatchObject({ outcome: 'unknown', error: -4 });
      expect(reason).toEqual({ kind: 'ended' });
    }),
    { numRuns: 40 },
  );
});

test('damage ends the session with a reason, or passes as an answer, and never hangs', async () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, sizes, async (changes, chunks) => {
      const damaged = Buffer.from(good);
      for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
      const { answers, reason } = await talk(damaged, chunks);
      expect(['ended', 'broken', 'malformed', 'oversized']).toContain(reason.kind);
      for (const { outcome } of answers) expect(['ok', 'fail', 'unknown']).toContain(outcome);
    }),
    { numRuns: 80 },
  );
});

test('garbage instead of replies ends the session', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), sizes, async (bytes, chunks) => {
      const { answers, reason } = await talk(Buffer.from(bytes), chunks);
      expectSettled(answers);
      expect(['ended', 'broken', 'malformed', 'oversized']).toContain(reason?.kind);
    }),
    { numRuns: 60 },
  );
});

test('garbage instead of a connect response is a failed open with a reason', async () => {
  const welcomes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.nat({ max: 40 }).map((length) => welcomeFrame(4000).subarray(0, length)),
  );
  await fc.assert(
    fc.asyncProperty(welcomes, async (bytes) => {
      await using server = await startFakeServer({ welcome: 'silence' });
      const session = new Session({ timeoutMs: 10_000, maxFrameBytes: 4096 });
      const opening = session.open(server.endpoint);
      const timer = setInterval(() => {
        if (server.clients.length === 0) return;
        clearInterval(timer);
        server.clients[0]!.socket.end(Buffer.from(bytes));
      }, 1);
      const { outcome, reason } = await opening;
      clearInterval(timer);
      session.destroySocket();
      expect(['unknown', 'fail', 'ok']).toContain(outcome);
      if (outcome !== 'ok')
        expect(['ended', 'broken', 'malformed', 'oversized', 'expired']).toContain(reason?.kind);
    }),
    { numRuns: 60 },
  );
});
