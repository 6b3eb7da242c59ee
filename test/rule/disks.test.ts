import { describe, expect, test } from 'vitest';
import type { StoredTransactions } from '../../harness/datadir/stored-transactions.ts';
import type { Transaction } from '../../harness/datadir/transaction.ts';
import { type Op, type Zxid, zxidOf } from '../../harness/history/op.ts';
import { judgeScenario } from '../../harness/rule/judge.ts';
import { beginning, evidenceFor, lost, read, register, row, wrote } from './hand.ts';
import { type Disk, storedFrom } from './simulated-disks.ts';

/** "1.3" is the third transaction of epoch 1; what stands behind a blank makes it another one. */
function transaction(entry: string): Transaction {
  const [place, other = 'v'] = entry.split(' ');
  const [epoch, counter] = place!.split('.').map(Number);
  const zxid = zxidOf(epoch!, counter!);
  return {
    zxid,
    session: '1',
    cxid: 1,
    timeMs: 0,
    type: 'setData',
    path: register,
    value: other,
    version: 1,
  };
}
const zxid = (place: string) => transaction(place).zxid;

const disk = (sid: number, log: string, ...snapshots: string[]): Disk => ({
  sid,
  log: log === '' ? [] : log.split(', ').map(transaction),
  adopted: snapshots.map((place) => ({ zxid: zxid(place), nodes: [] })),
});

function judge(rule: string, stored: StoredTransactions, ops: Op[] = []) {
  const [result] = judgeScenario({ ...evidenceFor(ops), transactions: stored }, [rule]).rules;
  return result!;
}

describe('logs agree when', () => {
  test.each<[string, Disk[], string]>([
    [
      'they are the same',
      [disk(1, '1.1, 1.2'), disk(2, '1.1, 1.2')],
      '2 transactions in the logs of 2 servers',
    ],
    ['one is behind', [disk(1, '1.1, 1.2'), disk(2, '1.1')], '2 transactions in the logs of 2 servers'],
    [
      'one lost its disk and took over a snapshot',
      [disk(1, '1.1, 1.2, 1.3'), disk(2, '1.3', '1.2')],
      'one stretch',
    ],
    ['one holds nothing yet', [disk(1, '1.1'), disk(2, '')], '1 transaction in the logs of 1 server'],
    [
      'an epoch ended in a proposal that one server logged, which then took over a snapshot',
      [disk(1, '1.1, 1.2, 2.2', '2.1'), disk(2, '1.1, 2.1, 2.2')],
      '1 of them proposed and given up',
    ],
    [
      'the server with that proposal never came back',
      [disk(1, '1.1, 1.2'), disk(2, '1.1, 2.1, 2.2')],
      '1 of them proposed and given up',
    ],
    [
      'a learner applied what it was sent and logged only what came after its snapshot',
      [disk(1, '1.1, 1.4', '1.3'), disk(2, '1.1, 1.2, 1.3, 1.4')],
      '1 stretch known from a snapshot only',
    ],
    [
      'two servers go on from different snapshots and share nothing between',
      [disk(1, '1.3', '1.2'), disk(2, '1.5, 1.6', '1.4')],
      '3 transactions',
    ],
    [
      'a new leader found an epoch without any transaction',
      [disk(1, '1.1, 3.1'), disk(2, '1.1, 3.1', '2.0')],
      '2 trans',
    ],
  ])('%s', (_, disks, seen) => {
    const result = judge('logs-agree', storedFrom(disks));
    expect(result).toMatchObject({ verdict: 'pass', findings: [] });
    expect(result.seen).toContain(seen.replace('one stretch', '1 stretch'));
  });
});

describe('logs do not agree when', () => {
  test.each<[string, Disk[], string]>([
    [
      'a proposal that was given up is still there, and the server goes on (ZOOKEEPER-2845)',
      [disk(1, '1.1, 1.2, 2.1'), disk(2, '1.1, 2.1'), disk(3, '1.1, 2.1')],
      'transaction 0x100000002 is in the log of zk1, not of zk2 and zk3, although all went on',
    ],
    [
      'a server that was behind logged only what came later (ZOOKEEPER-4712)',
      [disk(1, '1.1, 1.2, 1.3, 1.4'), disk(2, '1.1, 1.4'), disk(3, '1.1, 1.2, 1.3, 1.4')],
      '2 transactions from 0x100000002 to 0x100000003 are in the log of zk1 and zk3, not of zk2, although all went on',
    ],
    [
      'one zxid is two transactions',
      [disk(1, '1.1, 1.2'), disk(2, '1.1, 1.2 other')],
      'zxid 0x100000002 is one transaction on zk1 and another on zk2',
    ],
    [
      'one zxid is two transactions, although one of them was given up',
      [disk(1, '1.1, 1.2 other, 2.2', '2.1'), disk(2, '1.1, 1.2, 2.1, 2.2')],
      'zxid 0x100000002 is one transaction on zk1 and another on zk2',
    ],
    [
      'a log goes back',
      [disk(1, '1.1, 1.3, 1.2')],
      'the log of zk1 goes back from 0x100000003 to 0x100000002',
    ],
    [
      'what was before a log is gone',
      [disk(1, '1.3, 1.4'), disk(2, '1.1, 1.2, 1.3, 1.4')],
      '2 transactions from 0x100000001 to 0x100000002 are in the log of zk2, not of zk1, although all went on',
    ],
  ])('%s', (_, disks, title) => {
    const result = judge('logs-agree', storedFrom(disks));
    expect(result.verdict).toBe('violation');
    expect(result.findings.map((each) => each.title)).toEqual([title]);
  });

  test('a snapshot that cannot be read explains nothing', () => {
    const stored = storedFrom([disk(1, '1.3, 1.4', '1.2'), disk(2, '1.1, 1.2, 1.3, 1.4')]);
    stored.servers[0]!.snapshots[0]!.damage = 'it is cut short';
    expect(judge('logs-agree', stored).verdict).toBe('violation');
  });
});

test('what a learner logged twice because it joined twice is shown, and is no breach', () => {
  const stored = storedFrom([
    disk(1, '1.1, 1.2, 1.3, 1.2, 1.3, 1.2, 1.3, 1.4'),
    disk(2, '1.1, 1.2, 1.3, 1.4'),
  ]);
  const result = judge('logs-agree', stored);
  expect(result).toMatchObject({
    verdict: 'pass',
    seen: '4 transactions in the logs of 2 servers; 2 parts logged twice',
  });
  expect(result.findings).toMatchObject([
    {
      severity: 'gap',
      title: 'the log of zk1 holds 0x100000002 to 0x100000003 once more, and 1 more time from there on',
    },
  ]);
});

test('without their disks nothing is said of servers, and that is told', () => {
  const lacks = { 'server-disks': 'they belong to somebody else' };
  const { transactions: _, ...evidence } = evidenceFor([]);
  const { rules } = judgeScenario({ ...evidence, lacks }, [
    'logs-agree',
    'acknowledged-in-log',
    'epochs-on-disk',
  ]);
  for (const rule of rules)
    expect(rule).toMatchObject({ verdict: 'unsupported', reason: lacks['server-disks'] });
});

test('a run that ended before the disks were read proves nothing about them', () => {
  const { transactions: _, ...evidence } = evidenceFor([]);
  const { rules } = judgeScenario(evidence, ['logs-agree', 'acknowledged-in-log', 'epochs-on-disk']);
  for (const rule of rules)
    expect(rule).toMatchObject({ verdict: 'invalid', reason: expect.stringContaining('not recorded') });
});

describe('acknowledged writes', () => {
  /** The root, the register and one write, as `hand.ts` makes them. */
  const ops = [...beginning(), wrote(3, 1, 'b')];
  const create = (counter: number, path: string, value: string | null): Transaction => ({
    ...{ zxid: zxidOf(1, counter), session: '1', cxid: counter, timeMs: 0 },
    ...{ type: 'create', path, value, acls: [], ephemeral: false, parentCversion: 1 },
  });
  const made = [create(1, '/gauntlet', null), create(2, register, 'a')];
  const written = { ...transaction('1.3 b'), cxid: 3 };
  const on = (sid: number, log: Transaction[], adopted: Disk['adopted'] = []): Disk => ({
    sid,
    log,
    adopted,
  });
  const full = [...made, written];
  const judged = (...disks: Disk[]) => judge('acknowledged-in-log', storedFrom(disks), ops);

  test('are in the logs of all', () => {
    const result = judged(on(1, full), on(2, full), on(3, full));
    expect(result).toMatchObject({
      verdict: 'pass',
      seen: '3 acknowledged writes and 0 refusals looked up on 3 disks; 0 unanswered writes',
    });
  });

  test('may be missing on servers that are behind, while a quorum has them', () => {
    expect(judged(on(1, full), on(2, full), on(3, made)).verdict).toBe('pass');
    const lost = judged(on(1, full), on(2, made), on(3, made));
    expect(lost.findings[0]!.title).toBe(
      `acknowledged write (session 1) of ${register} at zxid 0x100000003 is not on the disk of zk2 and zk3`,
    );
    expect(lost.findings[0]!.words).toContain('zk2 and zk3 have nothing that late. zk1 has it.');
  });

  test('are not missing on a server that went on', () => {
    const later = transaction('1.4');
    const result = judged(on(1, [...full, later]), on(2, [...full, later]), on(3, [...made, later]));
    expect(result.findings[0]!.words).toContain(
      'zk3 went on to 0x100000004 without it. zk1 and zk2 have it.',
    );
  });

  test('are not looked up behind the damage of a log, which leaves it undecided', () => {
    const stored = storedFrom([on(1, full), on(2, full), on(3, made)]);
    stored.servers[2]!.logs[0]!.end = { kind: 'damaged', atByte: 316, why: 'checksum' } as never;
    const damaged = { ...stored };
    expect(judge('acknowledged-in-log', damaged, ops)).toMatchObject({
      findings: [],
      verdict: 'inconclusive',
      reason: expect.stringContaining(
        '1 answer cannot be looked up on zk3: log.100000001 is damaged at byte 316',
      ),
    });
  });

  test.each([
    ['another request of the session', { cxid: 9 }, 'request 9 of the session, not 3'],
    ['another path', { path: '/gauntlet/x' }, 'a setData of /gauntlet/x'],
    ['another value', { value: 'z' }, 'the value "z"'],
  ])('are not there as %s', (_, change, words) => {
    const other = [...made, { ...written, ...change } as Transaction];
    const [found] = judged(on(1, full), on(2, other), on(3, other)).findings;
    expect(found!.title).toContain('is not on the disk of zk2 and zk3');
    expect(found!.words).toContain('On zk2 and zk3 this is ');
    expect(found!.words).toContain(words);
  });

  const refusal: Transaction = {
    ...{ zxid: zxidOf(1, 3), session: '1', cxid: 3, timeMs: 0 },
    ...{ type: 'error', error: -103 },
  };
  const refused = [
    ...beginning(),
    row('setData', register, 3, { outcome: 'fail', error: -103, version: 7, value: 'b', result: null }),
  ];

  test('and refusals are transactions, too', () => {
    const with3 = (...logs: Transaction[][]) =>
      judge('acknowledged-in-log', storedFrom(logs.map((log, i) => on(i + 1, log))), refused);
    const whole = [...made, refusal];
    expect(with3(whole, whole, whole)).toMatchObject({
      verdict: 'pass',
      seen: '2 acknowledged writes and 1 refusal looked up on 3 disks; 0 unanswered writes',
    });
    const [lacking] = with3(whole, made, made).findings;
    expect(lacking!.title).toContain('refused write (session 1)');
    const [applied] = with3(whole, whole, full).findings;
    expect(applied!.words).toContain('On zk3 this is ');
  });

  test('a refusal below a snapshot that was taken over shows in nothing', () => {
    const adopted = [{ zxid: zxid('1.3'), nodes: [] }];
    const stored = storedFrom([on(1, [...made, refusal]), on(2, [...made, refusal]), on(3, [], adopted)]);
    const titles = judge('acknowledged-in-log', stored, refused).findings.map(({ title }) => title);
    expect(titles.filter((title) => title.startsWith('refused'))).toEqual([]);
  });

  test('whose effect was seen, though nobody answered, is looked up as well', () => {
    const seen = [
      ...beginning(),
      lost('setData', register, { value: 'b' }),
      read(3, 3, 1, 'b', { session: 2 }),
    ];
    const look = (...logs: Transaction[][]) =>
      judge('acknowledged-in-log', storedFrom(logs.map((log, i) => on(i + 1, log))), seen);
    expect(look(full, full, full).verdict).toBe('pass');
  });

  describe('are in a snapshot that a server took over', () => {
    const adopted = (nodes: Disk['adopted'][number]['nodes']) =>
      judged(on(1, full), on(2, full), on(3, [], [{ zxid: zxid('1.3'), nodes }]));
    const root = { path: '/gauntlet', czxid: zxid('1.1'), mzxid: zxid('1.1'), value: null };
    const node = { path: register, czxid: zxid('1.2'), mzxid: zxid('1.3'), value: 'b' };

    test('or were overwritten in it', () => {
      expect(adopted([root, node]).verdict).toBe('pass');
      expect(adopted([root, { ...node, mzxid: zxid('1.9'), value: 'z' }]).verdict).toBe('pass');
    });

    test.each([
      ['an older value', { mzxid: zxid('1.2'), value: 'a' }, 'shows the node as it was before.'],
      ['another value', { value: 'c' }, 'shows "c" at that zxid.'],
    ])('and not with %s', (_, change, words) => {
      expect(adopted([root, { ...node, ...change }]).findings[0]!.words).toContain(
        `The snapshot of zxid 0x100000003 that zk3 took over ${words}`,
      );
    });

    test('and their node is there', () => {
      expect(adopted([root]).findings.map(({ words }) => words)).toEqual([
        expect.stringContaining('The snapshot of zxid 0x100000003 that zk3 took over lacks the node.'),
        expect.stringContaining('The snapshot of zxid 0x100000003 that zk3 took over lacks the node.'),
      ]);
    });
  });
});

test('what became of writes without an answer is found out and counted', () => {
  const unanswered = ['applied', 'refused', 'given up', 'never'].map((value, i) => ({
    ...lost('setData', register, { value, outcome: 'unknown' as const }),
    place: i,
  }));
  const connect = row('connect', '', 0, { result: '0000000000000001' });
  const answered = row('setData', register, 0, { zxid: zxidOf(2, 1), value: 'later', stat: null });
  const ops: Op[] = [connect, ...unanswered.map(({ place: _, ...op }) => op), answered];
  const set = (zxid: Zxid, cxid: number, value: string) =>
    ({ ...transaction('1.1'), zxid, cxid, value }) as Transaction;
  // evidenceFor numbers requests from 1, the connect included.
  const applied = set(zxidOf(1, 1), 2, 'applied');
  const refused: Transaction = {
    zxid: zxidOf(1, 2),
    session: '1',
    cxid: 3,
    timeMs: 0,
    type: 'error',
    error: -103,
  };
  const givenUp = set(zxidOf(1, 3), 4, 'given up');
  const later = set(zxidOf(2, 1), 6, 'later');
  const stored = storedFrom([
    { sid: 1, log: [applied, refused, later], adopted: [] },
    { sid: 2, log: [applied, refused, later], adopted: [] },
    { sid: 3, log: [applied, refused, givenUp], adopted: [{ zxid: later.zxid, nodes: [] }] },
  ]);
  expect(judge('acknowledged-in-log', stored, ops).seen).toContain(
    '4 unanswered writes: 1 applied, 1 refused, 1 proposed and given up and 1 never logged',
  );
});

test('epochs that were being changed when the server died are as the server puts them right', () => {
  const stored = storedFrom([disk(1, '1.1, 2.1'), disk(2, '1.1, 2.1'), disk(3, '1.1, 2.1')]);
  const [one, two, three] = stored.servers;
  one!.epochs = { accepted: 2, current: 1, next: 2 };
  two!.epochs = { accepted: 2, current: 1, updating: true };
  three!.epochs = {};
  expect(judge('epochs-on-disk', stored)).toMatchObject({ verdict: 'pass' });
  one!.epochs = { accepted: 2, current: 1 };
  expect(judge('epochs-on-disk', storedFrom([disk(1, '')])).verdict).toBe('pass');
  expect(judge('epochs-on-disk', { ...stored }).findings[0]!.title).toBe(
    'zk1: the current epoch 1 is older than its last zxid 0x200000001',
  );
});
