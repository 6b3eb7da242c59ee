import { expect, test } from 'vitest';
import type { ClientDeed, ClientNote } from '../../../harness/client/foreign/note.ts';
import { historyOf } from '../../../harness/history/in-memory.ts';
import type { Op, Zxid } from '../../../harness/history/op.ts';
import { clientAnswers } from '../../../harness/rule/client-answers.ts';
import { clientOrder } from '../../../harness/rule/client-order.ts';
import { clientSessions } from '../../../harness/rule/client-sessions.ts';
import { judgeScenario } from '../../../harness/rule/judge.ts';
import type { Evidence, Rule } from '../../../harness/rule/rule.ts';
import { beginning, evidenceFor, read, row, statOf, wrote } from '../hand.ts';

const session = 11;
/** Rows of a library: no zxid, no server, no number; `hand.ts` invokes row i at i ms and ends it half a ms later. */
const own = (op: Op): Op => ({ ...op, session, xid: 0, server: 0, zxid: 0 as Zxid });
const rows = [...beginning(), ...[wrote(3, 1, 'b'), read(3, 3, 1, 'b'), wrote(4, 2, 'c')].map(own)];
const [first, , third] = [2, 3, 4].map((row) => row * 1e6) as [number, number, number];

const note = (deed: ClientDeed, atMs: number): ClientNote => ({ ...deed, atNs: atMs * 1e6, session });
const opened = note({ note: 'opened', client: 'fake', version: '1.2.3', lacks: ['sync'] }, 0);
const connected = note({ note: 'connected', id: '0900000000000001', timeoutMs: 4000 }, 1);
const expired = note({ note: 'ended', how: 'expired', asked: false }, 10);
const closed = note({ note: 'ended', how: 'closed', asked: true }, 10);
const presented = (alive: boolean | null) => note({ note: 'presented', alive, server: 2 }, 12);

/** Rows as they are, in another order of the file. */
function evidence(notes: readonly ClientNote[], order: readonly number[] = rows.map((_, i) => i)): Evidence {
  const straight = evidenceFor(rows);
  const ops = order.map((row) => ({
    ...straight.history.op(row),
    xid: rows[row]!.session === session ? 0 : row,
  }));
  return { ...evidenceFor(ops), history: historyOf(ops), clients: [opened, connected, ...notes] };
}

const titles = (rule: Rule, given: Evidence) => rule.judge(given).findings.map(({ title }) => title);

test('a library without fault is told what was seen of it', () => {
  const given = evidence([closed, presented(false)]);
  expect([clientAnswers, clientOrder, clientSessions].flatMap((rule) => titles(rule, given))).toEqual([]);
  expect(clientAnswers.judge(given)).toMatchObject({
    relevant: 3,
    seen: '3 calls of the client fake 1.2.3; it has no sync',
  });
  expect(clientOrder.judge(given).relevant).toBe(2);
  expect(clientSessions.judge(given).relevant).toBe(1);
});

test('a callback that never came is lost', () => {
  const lost = note({ note: 'unanswered', calledNs: third, kind: 'setData', waitedMs: 8000 }, 9000);
  const { findings } = clientAnswers.judge(evidence([lost]));
  expect(findings.map(({ title }) => title)).toEqual([
    'the client fake 1.2.3 lost a callback: setData of /gauntlet/r (session 11) was never answered',
  ]);
  expect(findings[0]!.words).toMatch(/It had not called back 8 s after all servers served again/);
});

test('a callback that came twice', () => {
  expect(titles(clientAnswers, evidence([note({ note: 'again', calledNs: first }, 5)]))).toEqual([
    'the client fake 1.2.3 called back twice for one call (session 11)',
  ]);
});

test('what a library is known to change is shown and does not turn the run red', () => {
  const changed = note(
    { note: 'instead', calledNs: first, kind: 'multi', why: 'it sends another version' },
    3,
  );
  const { findings } = clientAnswers.judge(evidence([changed, changed]));
  expect(findings).toMatchObject([
    {
      severity: 'gap',
      title:
        'the client fake 1.2.3 sent something else than it was asked for, 2 times: it sends another version',
    },
  ]);
});

test('callbacks in another order than the calls', () => {
  expect(titles(clientOrder, evidence([], [0, 1, 3, 2, 4]))).toEqual([
    'the client fake 1.2.3 called back out of turn (session 11): the call of 0.003 s before that of 0.002 s',
  ]);
});

test('callbacks in another order than the calls are not held against the servers', () => {
  const names = ['linearizable-writes', 'session-order', 'client-order'];
  // A look at another node was asked for before the write, and is told after it.
  const stat = statOf(1, 1, 0, '', { pzxid: rows[1]!.zxid, cversion: 1, numChildren: 1 });
  const look = own(row('exists', '/gauntlet', 2, { stat }));
  const straight = evidenceFor([...beginning(), look, own(wrote(3, 1, 'b'))]);
  const ops = [0, 1, 3, 2].map((at) => straight.history.op(at));
  const given = { ...evidence([]), history: historyOf(ops) };
  expect(judgeScenario(given, names).reasons).toEqual([
    expect.stringMatching(/^client-order: /),
    "this is the client's doing: the servers did nothing wrong",
  ]);
});

test('a callback that is lost has not been overtaken', () => {
  const lost = note({ note: 'unanswered', calledNs: first, kind: 'setData', waitedMs: 8000 }, 9000);
  expect(titles(clientOrder, evidence([lost], [0, 1, 3, 4, 2]))).toEqual([]);
});

test('the end of a session that a server still knows did not happen', () => {
  expect(titles(clientSessions, evidence([expired, presented(true)]))).toEqual([
    'the client fake 1.2.3 reported the end of session 11 (expired), which did not happen',
  ]);
  expect(titles(clientSessions, evidence([expired, presented(false)]))).toEqual([]);
});

test('with a new leader about that time a server may have said so first', () => {
  const given = evidence([expired, presented(true)]);
  const reign = { ...given.ledger.reigns[0]!, establishedNs: 11e6 };
  const { findings } = clientSessions.judge({ ...given, ledger: { ...given.ledger, reigns: [reign] } });
  expect(findings.map(({ severity }) => severity)).toEqual(['gap']);
});

test('a close that no server was told of', () => {
  expect(titles(clientSessions, evidence([closed, presented(true)]))).toEqual([
    'the client fake 1.2.3 said that it had closed session 11, which no server was told',
  ]);
});

test('an expiry that the library asked for itself', () => {
  const given = evidence([expired, presented(false)]);
  const close = (cxid: number): Evidence => ({
    ...given,
    transactions: {
      servers: [],
      nodes: [],
      rows: [
        {
          on: [1],
          transaction: {
            type: 'closeSession',
            zxid: 9 as Zxid,
            session: '0900000000000001',
            cxid,
            timeMs: 0,
          },
        },
      ],
    },
  });
  expect(titles(clientSessions, close(0))).toEqual([]);
  expect(titles(clientSessions, close(7))).toEqual([
    'the client fake 1.2.3 closed session 11 itself and called it expired',
  ]);
});

test('a crash, and a session exchanged for another', () => {
  const crash = note({ note: 'crashed', how: 'SIGABRT: Assertion failed' }, 7);
  const other = note({ note: 'connected', id: '0900000000000002', timeoutMs: 4000 }, 8);
  expect(titles(clientSessions, evidence([crash, other]))).toEqual([
    'the client fake 1.2.3 crashed its process (session 11): SIGABRT',
    'the client fake 1.2.3 took a new session (0900000000000002) for 0900000000000001 without saying that it had ended',
  ]);
});

test('when no server says whether a session had ended, nothing is proven', () => {
  expect(clientSessions.judge(evidence([expired, presented(null)])).inconclusive).toMatch(/no server said/);
});

test('the verdict says whose doing it is: the client alone, or not the client alone', () => {
  const names = ['linearizable-writes', 'client-answers', 'client-order', 'client-sessions'];
  const lost = note({ note: 'unanswered', calledNs: third, kind: 'setData', waitedMs: 8000 }, 9000);
  const blame = "this is the client's doing: the servers did nothing wrong";
  expect(judgeScenario(evidence([lost]), names)).toMatchObject({
    verdict: 'violation',
    reasons: [expect.stringMatching(/^client-answers: the client fake 1.2.3 lost a callback/), blame],
  });
  expect(judgeScenario(evidence([]), names)).toMatchObject({ verdict: 'pass', reasons: [] });
  const both = evidence([lost]);
  const forked = historyOf([...rows, wrote(1, 9, 'z', { session: 3 })]);
  const judged = judgeScenario({ ...both, history: forked }, names);
  expect(judged.verdict).toBe('violation');
  expect(judged.reasons).not.toContain(blame);
});

test('rules that need the zxids of replies are not applied to a client that hides them', () => {
  const given = { ...evidence([]), lacks: { 'reply-zxids': 'the client hides them' } };
  expect(judgeScenario(given, ['client-order', 'sync-reads', 'watches'])).toMatchObject({
    verdict: 'pass',
    untested: ['rules sync-reads and watches: the client hides them'],
  });
});
