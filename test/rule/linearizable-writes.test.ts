import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { linearizableWrites } from '../../harness/rule/linearizable-writes.ts';
import { beginning, evidenceFor, lost, read, register, row, statOf, wrote } from './hand.ts';

const titles = (ops: Op[]) =>
  linearizableWrites.judge(evidenceFor([...beginning(), ...ops])).findings.map(({ title }) => title);

test('a stale read of another session is lawful', () => {
  expect(titles([wrote(3, 1, 'b'), read(2, 2, 0, 'a', { session: 2, server: 2 })])).toEqual([]);
});

test('a stale read behind a sync is not a matter of this rule: it is a documented gap (ZOOKEEPER-1675)', () => {
  const sync = row('sync', '/gauntlet', 2, { session: 2 });
  expect(titles([wrote(3, 1, 'b'), sync, read(2, 2, 0, 'a', { session: 2 })])).toEqual([]);
});

test('a write without an answer may never show', () => {
  expect(titles([lost('setData', register, { value: 'b' }), read(2, 2, 0, 'a')])).toEqual([]);
});

test('a write without an answer may show later, once', () => {
  const ops = [
    lost('setData', register, { value: 'b' }),
    read(2, 2, 0, 'a'),
    read(5, 4, 1, 'b', { session: 2 }),
  ];
  expect(titles(ops)).toEqual([]);
});

test('a write without an answer may not show twice', () => {
  const ops = [lost('setData', register, { value: 'b' }), read(5, 4, 1, 'b'), read(9, 8, 2, 'b')];
  expect(titles(ops)).toEqual([
    `${register} holds "b", which nobody wrote there at that zxid on server 1 at zxid 0x100000008`,
  ]);
});

test('a write without an answer cannot take effect before what had returned when it was invoked', () => {
  const ops = [
    read(7, 2, 0, 'a'),
    lost('setData', register, { value: 'b', session: 2 }),
    read(9, 4, 1, 'b', { session: 2 }),
  ];
  expect(titles(ops)).toHaveLength(1);
});

test('a write without an answer cannot take effect behind an acknowledged write that its session sent later', () => {
  const ops = [
    lost('setData', register, { value: 'b' }),
    row('create', '/gauntlet/other', 4),
    read(9, 8, 1, 'b', { session: 2 }),
  ];
  expect(titles(ops)).toHaveLength(1);
});

test('a refusal may be the only sign of a write without an answer', () => {
  const refused = row('setData', register, 5, {
    outcome: 'fail',
    error: -103,
    version: 0,
    value: 'c',
    session: 2,
  });
  expect(titles([lost('setData', register, { value: 'b' }), refused])).toEqual([]);
  expect(titles([refused])).toEqual([
    `${register} refused a write conditional on version 0 while it had that version on server 1 at zxid 0x100000005`,
  ]);
});

test('a jump of versions needs as many lost writes as it hides', () => {
  const jump = wrote(9, 3, 'd', { session: 2 });
  const [one, two] = ['b', 'c'].map((value) => lost('setData', register, { value, session: 3 }));
  expect(titles([one!, two!, jump])).toEqual([]);
  expect(titles([one!, jump])).toEqual([
    `${register} was written 2 times by nobody: its version jumps on server 1 at zxid 0x100000008`,
  ]);
});

test('a lost conditional write accounts only for the version it asked for', () => {
  const jump = wrote(9, 2, 'd', { session: 2 });
  const conditional = (version: number) => lost('setData', register, { value: 'b', version, session: 3 });
  expect(titles([conditional(0), jump])).toEqual([]);
  expect(titles([conditional(4), jump])).toHaveLength(1);
});

test('a node that is gone needs a delete', () => {
  const gone = row('exists', register, 5, { outcome: 'fail', error: -101, session: 2 });
  expect(titles([gone])).toEqual([`${register} is not there on server 1 at zxid 0x100000005`]);
  expect(titles([lost('delete', register), gone])).toEqual([]);
});

test('a node that was read as absent cannot have existed all the time', () => {
  const absent = row('exists', '/gauntlet/x', 5, { outcome: 'fail', error: -101 });
  const present = row('exists', '/gauntlet/x', 7, { stat: statOf(4, 4, 0, '') });
  expect(titles([lost('create', '/gauntlet/x', { session: 2 }), absent, present])).toEqual([
    '/gauntlet/x is not there on server 1 at zxid 0x100000005',
    '/gauntlet/x is there, and was not there before although it had been created on server 1 at zxid 0x100000007',
  ]);
});

test('a parent shows every change of its children in pzxid and cversion', () => {
  const child = row('create', '/gauntlet/x', 3);
  const parent = (more: object) =>
    row('exists', '/gauntlet', 5, {
      stat: statOf(1, 1, 0, '', { numChildren: 2, cversion: 2, pzxid: child.zxid, ...more }),
    });
  expect(titles([child, parent({})])).toEqual([]);
  expect(titles([child, parent({ pzxid: statOf(1, 2, 0, '').mzxid })])).toHaveLength(1);
  expect(titles([child, parent({ cversion: 4 })])).toHaveLength(1);
  expect(titles([child, parent({ cversion: 1, numChildren: 1 })])).toHaveLength(1);
});

test('the order of refusals counts too: one invoked after a later state was seen is against time', () => {
  const refused = row('create', register, 4, { outcome: 'fail', error: -110, result: null, session: 2 });
  expect(titles([wrote(5, 1, 'b'), refused])[0]).toContain('had been answered before it was invoked');
});

test('what lies outside the tree of the workload is none of its business', () => {
  expect(titles([row('exists', '/other', 5, { stat: statOf(9, 9, 0, '') })])).toEqual([]);
});

test('a tree older than the history is taken as it is first seen', () => {
  const old = (at: number, mzxid: number, version: number) =>
    row('getData', register, at, { value: 'x', stat: statOf(2, mzxid, version, 'x') });
  const judged = linearizableWrites.judge(evidenceFor([old(50, 40, 17), wrote(51, 18, 'y')]));
  expect(judged.findings).toEqual([]);
});

test('containers and TTL nodes end by themselves and carry a mark for an owner', () => {
  const made = row('create', '/gauntlet/c', 3, { flags: 4 });
  const seen = row('exists', '/gauntlet/c', 4, {
    stat: statOf(3, 3, 0, '', { ephemeralOwner: '8000000000000000' }),
  });
  const gone = row('exists', '/gauntlet/c', 9, { outcome: 'fail', error: -101 });
  expect(titles([made, seen, gone])).toEqual([]);
});

test('the words name the session, the server, the zxid, the times and the leader', () => {
  const [finding] = linearizableWrites.judge(
    evidenceFor([...beginning(), wrote(5, 1, 'b'), read(6, 2, 0, 'a', { session: 7, server: 3 })]),
  ).findings;
  expect(finding!.title).toBe(
    `${register} shows a state from before a write that this server had already applied on server 3 at zxid 0x100000006`,
  );
  expect(finding!.words).toMatch(
    /session 7 on zk3: getData \/gauntlet\/r, zxid 0x100000006 \(0\.003 s to 0\.004 s\)/,
  );
  expect(finding!.words).toMatch(
    /It contradicts session 1 on zk1: setData \/gauntlet\/r "b", zxid 0x100000005/,
  );
  expect(finding!.words).toMatch(
    /No fault was open at that time; (the last leader change|no leader is known)/,
  );
  expect(finding).toMatchObject({ servers: [1, 3], zxids: ['0x100000005', '0x100000006'] });
});
