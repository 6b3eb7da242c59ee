import { describe, expect, test } from 'vitest';
import type { Transaction } from '../../harness/datadir/transaction.ts';
import { type Op, zxidOf } from '../../harness/history/op.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import { beginning, evidenceFor, lost, read, register, row, wrote } from './hand.ts';
import { storedFrom } from './simulated-disks.ts';

const connect = row('connect', '', 0, { result: '0000000000000001' });
/** `evidenceFor` numbers requests from 1, the connect included. */
const made = (counter: number, path: string, value: string | null): Transaction => ({
  ...{ zxid: zxidOf(1, counter), session: '1', cxid: counter + 1, timeMs: 0 },
  ...{ type: 'create', path, value, acls: [], ephemeral: false, parentCversion: 1 },
});
const set = (counter: number, cxid: number, value: string, version: number): Transaction => ({
  ...{ zxid: zxidOf(1, counter), session: '1', cxid, timeMs: 0 },
  ...{ type: 'setData', path: register, value, version },
});
const first = [made(1, '/gauntlet', null), made(2, register, 'a')];

/** What the rule says of clients' rows behind the register's create, when every server logged the same. */
function judged(ops: readonly Op[], log: readonly Transaction[]) {
  const whole = [...first, ...log];
  const transactions = storedFrom([1, 2, 3].map((sid) => ({ sid, log: whole, adopted: [] })));
  const evidence = { ...evidenceFor([connect, ...beginning(), ...ops]), transactions };
  const [result] = judgeScenario(evidence, ['linearizable-writes']).rules;
  return { titles: result!.findings.map(({ title }) => title), seen: result!.seen };
}

const unanswered = (value: string, more: Partial<Op> = {}) => lost('setData', register, { value, ...more });

describe('a write without an answer', () => {
  test('that is in the logs stands at its zxid, seen or not', () => {
    const { titles, seen } = judged([unanswered('b'), read(3, 3, 1, 'b')], [set(3, 4, 'b', 1)]);
    expect(titles).toEqual([]);
    expect(seen).toContain('1 unanswered write known to be applied, 0 others may have been');
  });

  test('that is in the logs must show in answers from then on', () => {
    const { titles } = judged([unanswered('b'), read(4, 2, 0, 'a')], [set(3, 4, 'b', 1)]);
    expect(titles).toEqual([
      expect.stringContaining('shows a state from before a write that this server had already applied'),
    ]);
  });

  test('that is in no log explains nothing', () => {
    const rows = [unanswered('b'), wrote(4, 2, 'c')];
    expect(judged(rows, [set(4, 5, 'c', 2)]).titles).toEqual([
      expect.stringContaining('was written once by nobody: its version jumps'),
    ]);
    expect(judged(rows, [set(3, 4, 'b', 1), set(4, 5, 'c', 2)]).titles).toEqual([]);
  });

  test('that a log refuses explains nothing', () => {
    const refused: Transaction = {
      ...{ zxid: zxidOf(1, 3), session: '1', cxid: 4, timeMs: 0 },
      ...{ type: 'error', error: -103 },
    };
    expect(judged([unanswered('b'), wrote(4, 2, 'c')], [refused, set(4, 5, 'c', 2)]).titles).toHaveLength(1);
  });

  test('is not ruled out by logs that lack what was answered, too', () => {
    expect(judged([unanswered('b'), wrote(4, 2, 'c')], []).titles).toEqual([]);
  });

  test('may not stand behind what its session sent later', () => {
    const { titles } = judged([unanswered('b'), wrote(3, 1, 'c')], [set(3, 5, 'c', 1), set(4, 4, 'b', 2)]);
    expect(titles).toEqual([
      expect.stringContaining('although its session sent it before what stands at 0x100000003'),
    ]);
  });

  test('may not stand before what had been answered when it was sent', () => {
    const { titles } = judged(
      [wrote(4, 2, 'c', { session: 2 }), unanswered('b')],
      [set(3, 5, 'b', 1), { ...set(4, 4, 'c', 2), session: '2' }],
    );
    expect(titles).toEqual([
      expect.stringContaining('although 0x100000004 had been answered before it was sent'),
    ]);
  });
});
