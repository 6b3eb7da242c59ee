import { describe, expect, test } from 'vitest';
import { zxidOf } from '../../harness/history/op.ts';
import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import { anchorsInWords, journalInWords, opInWords } from '../../reports/words.ts';
import { op, statOf } from './sample-ops.ts';

const call = { fault: 'isolate', target: 'leader' as const, params: { ports: ['quorum', 'election'] } };
const about = { atNs: 0, step: 0, fault: 'isolate', victims: [2] };

describe('the journal', () => {
  test.each<[JournalEntry, string]>([
    [{ atNs: 0, kind: 'phase', phase: 'heal' }, 'phase heal'],
    [
      { atNs: 0, kind: 'server-start', sid: 1, version: '3.9.5', pid: undefined },
      'zk1 started (ZooKeeper 3.9.5)',
    ],
    [
      { atNs: 0, kind: 'server-exit', sid: 1, code: 2, signal: null, asked: false },
      'zk1 ended by itself (exit code 2)',
    ],
    [
      { atNs: 0, kind: 'server-exit', sid: 1, code: null, signal: 'SIGKILL', asked: true },
      'zk1 ended (SIGKILL)',
    ],
    [
      { atNs: 0, kind: 'serving', leader: 3, followers: [1, 2], observers: [4] },
      'serving: zk3 leads, zk1, zk2 follow, zk4 observe',
    ],
    [
      { atNs: 0, kind: 'not-serving', waitedMs: 30_000, roles: { 1: 'down' } },
      'not serving after 30.0 s: zk1 down',
    ],
    [
      { ...about, kind: 'fault-intent', call, roles: { 2: 'leader' }, deadlineNs: 1 },
      'about to inject isolate on zk2 (leader) (asked for: leader, ports quorum and election)',
    ],
    [{ ...about, kind: 'fault-landed', proof: ['a', 'b'] }, 'isolate landed on zk2: a; b'],
    [{ ...about, kind: 'fault-missed', reason: 'no such role' }, 'isolate missed zk2: no such role'],
    [{ ...about, kind: 'fault-healing' }, 'healing isolate on zk2'],
    [{ ...about, kind: 'fault-healed', proof: [] }, 'isolate healed on zk2'],
    [{ ...about, kind: 'fault-stuck', reason: 'still cut' }, 'isolate did not heal on zk2: still cut'],
    [{ atNs: 0, kind: 'note', text: 'hello' }, 'hello'],
  ])('%o', (entry, words) => {
    expect(journalInWords(entry)).toBe(words);
  });
});

test('an anchor says when a step starts', () => {
  expect(anchorsInWords({ afterMs: 500, jitterMs: 0 })).toBe('after 500 ms');
  expect(anchorsInWords({ acked: 1 })).toBe('after 1 acknowledged write');
  expect(anchorsInWords({ log: 'LEADING', sid: 2 })).toBe('when zk2 logs /LEADING/');
  expect(anchorsInWords([{ acked: 3 }, { afterMs: 20, jitterMs: 0 }])).toBe(
    'after 3 acknowledged writes, then after 20 ms',
  );
});

test('an operation is told as request and answer', () => {
  const times = { invokedNs: 0, returnedNs: 1, path: '/a' };
  const zxid = zxidOf(1, 5);
  expect(
    opInWords(op({ ...times, kind: 'setData', outcome: 'fail', error: -103, value: 'v', version: 3 })),
  ).toEqual({
    request: 'setData /a "v" if version 3',
    answer: 'refused: BadVersion',
  });
  expect(
    opInWords(op({ ...times, kind: 'getData', outcome: 'ok', value: 'v', stat: statOf(zxid, 2) })),
  ).toEqual({
    request: 'getData /a',
    answer: 'ok, "v", version 2, mzxid 0x100000005',
  });
  expect(opInWords(op({ ...times, kind: 'delete', outcome: 'unknown', error: -4 })).answer).toBe(
    'no answer (connection lost)',
  );
  expect(opInWords(op({ ...times, kind: 'delete', outcome: 'notSent', error: -4 })).answer).toBe(
    'never sent',
  );
});
