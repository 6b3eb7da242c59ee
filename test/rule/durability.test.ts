import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { durability } from '../../harness/rule/durability.ts';
import { beginning, evidenceFor, lost, read, register, row, statOf, wrote } from './hand.ts';

const final = (op: Op, server: number): Op => ({ ...op, phase: 'final', server, session: 20 + server });
const rootOn = (server: number, names: string[]) => {
  const stat = statOf(1, 1, 0, '');
  return [
    final(row('exists', '/gauntlet', 50, { stat }), server),
    final(row('getChildren', '/gauntlet', 50, { stat, result: JSON.stringify(names) }), server),
  ];
};
/** The register as one server shows it at the end; without a value the server does not have it. */
const shows = (server: number, mzxid = 0, value?: string, czxid = 2) =>
  value === undefined
    ? rootOn(server, [])
    : [
        ...rootOn(server, ['r']),
        final(read(50, mzxid, 1, value, { stat: statOf(czxid, mzxid, 1, value) }), server),
      ];

function judge(...ops: Op[]) {
  const evidence = evidenceFor([...beginning(), ...ops]);
  return durability.judge({ ...evidence, scenario: { ...evidence.scenario, powerOff: false } });
}
const titles = (...ops: Op[]) => judge(...ops).findings.map(({ title }) => title);
const all = (mzxid?: number, value?: string, czxid?: number) =>
  [1, 2, 3].flatMap((server) => shows(server, mzxid, value, czxid));
const missing = (what: string, at: number, where: string) => [
  `${what} of ${register} at zxid 0x10000000${at.toString(16)} is missing on ${where}`,
];
const acked = 'acknowledged write "b" (session 1)';

test('what was acknowledged is on every server', () => {
  expect(judge(wrote(3, 1, 'b'), ...all(3, 'b'))).toEqual({
    relevant: 3,
    seen: '3 acknowledged writes on 2 nodes, read back 3 times',
    findings: [],
  });
});

test('a server without the node, or with an older or another value, has lost the write', () => {
  const without = (...shown: Op[]) =>
    judge(wrote(3, 1, 'b'), ...shows(1, 3, 'b'), ...shows(2, 3, 'b'), ...shown);
  const [gone] = without(...shows(3)).findings;
  expect(gone!.title).toBe(missing(acked, 3, 'zk3')[0]);
  expect(gone!.words).toContain('In the final reads zk3 (final) does not have the node.');
  expect(without(...shows(3, 2, 'a')).findings[0]!.words).toContain(
    'zk3 (final) shows "a" of zxid 0x100000002',
  );
  expect(without(...shows(3, 3, 'z')).findings[0]!.words).toContain('zk3 (final) shows "z" at that zxid');
  expect(titles(wrote(3, 1, 'b'), ...all(2, 'a'))).toEqual(missing(acked, 3, 'zk1, zk2 and zk3'));
});

test('a later write may stand in its place', () => {
  expect(titles(wrote(3, 1, 'b'), lost('setData', register, { value: 'c' }), ...all(9, 'c'))).toEqual([]);
});

test('only the last write of a node is looked for', () => {
  expect(titles(wrote(3, 1, 'b'), wrote(4, 2, 'c'), ...all(4, 'c'))).toEqual([]);
});

test('a deleted node stays away, unless it was created anew', () => {
  const gone = row('delete', register, 4);
  expect(titles(gone, ...all())).toEqual([]);
  expect(titles(gone, ...all(2, 'a'))).toEqual(
    missing('acknowledged delete (session 1)', 4, 'zk1, zk2 and zk3'),
  );
  expect(titles(gone, lost('create', register, { value: 'n' }), ...all(9, 'n', 9))).toEqual([]);
});

test('a delete without an answer may have been done, if it can stand behind the write', () => {
  expect(titles(wrote(3, 1, 'b'), lost('delete', register, { session: 2 }), ...all())).toEqual([]);
  expect(titles(lost('delete', register), wrote(3, 1, 'b'), ...all())).toEqual(
    missing(acked, 3, 'zk1, zk2 and zk3'),
  );
});

test('a write without an answer that somebody saw must stay too', () => {
  const seen = [lost('setData', register, { value: 'c', session: 2 }), read(7, 5, 1, 'c', { session: 3 })];
  expect(titles(...seen, ...all(5, 'c'))).toEqual([]);
  expect(titles(...seen, ...all(2, 'a'))).toEqual(
    missing('observed write "c" (session 2)', 5, 'zk1, zk2 and zk3'),
  );
});

test('containers and ephemerals may be gone, other nodes may not', () => {
  const path = '/gauntlet/e';
  const connect = row('connect', '', 0, { session: 2, result: 'abc', version: 4 });
  const made = row('create', path, 3, { session: 2, flags: 1 });
  const close = row('close', '', 5, { session: 2 });
  const has = (title: string) => title.includes(path);
  expect(titles(row('create', path, 3, { flags: 4 }), ...all(2, 'a')).filter(has)).toEqual([]);
  expect(titles(row('create', path, 3), ...all(2, 'a')).filter(has)).toHaveLength(1);
  expect(titles(connect, made, ...all(2, 'a')).filter(has)).toEqual([]);
  expect(titles(connect, made, close, ...all(2, 'a')).filter(has)).toEqual([]);
});

test('an ephemeral that others wrote to is gone once its session was closed, whoever created it', () => {
  const path = '/gauntlet/e';
  const stat = statOf(3, 4, 1, 'x', { ephemeralOwner: 'abc' });
  const ops = [
    row('connect', '', 0, { session: 2, result: 'abc', version: 4 }),
    row('setData', path, 4, { value: 'x', stat }),
    row('close', '', 5, { session: 2 }),
  ];
  expect(titles(...ops, ...all(2, 'a'))).toEqual([]);
  const atTheEnd = final(row('getData', path, 50, { value: 'x', stat }), 3);
  const still = [...rootOn(3, ['e', 'r']), atTheEnd, final(read(50, 2, 1, 'a'), 3)];
  expect(titles(...ops, ...shows(1, 2, 'a'), ...shows(2, 2, 'a'), ...still)).toEqual([
    `acknowledged delete (session 2) of ${path} at zxid 0x100000005 is missing on zk3`,
  ]);
});

test('a server or a node that was not read leaves it undecided', () => {
  expect(judge(wrote(3, 1, 'b'), ...shows(1, 3, 'b'), ...shows(2, 3, 'b'))).toMatchObject({
    findings: [],
    inconclusive: 'zk3 was not read in phase "final": what it holds is not known',
  });
  const half = judge(wrote(3, 1, 'b'), ...shows(1, 3, 'b'), ...shows(2, 3, 'b'), ...rootOn(3, ['r']));
  expect(half).toMatchObject({
    findings: [],
    inconclusive: '1 final read of nodes that were written are missing',
  });
  expect(judge(wrote(3, 1, 'b'))).toMatchObject({ relevant: 1, findings: [] });
});
