import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { replicasIdentical } from '../../harness/rule/replicas-identical.ts';
import { beginning, evidenceFor, read, register, row, statOf } from './hand.ts';

/** What one server shows at the end of the root and of one register. */
function shows(
  server: number,
  change: { value?: string; stat?: object; names?: string[]; list?: string[] } = {},
): Op[] {
  const { value = 'a', stat = {}, names = ['r'], list = [] } = change;
  const whole = statOf(1, 1, 0, '', { numChildren: names.length });
  const own = statOf(2, 2, 0, value, stat);
  const rows = [
    row('getData', '/gauntlet', 9, { stat: whole }),
    row('getChildren', '/gauntlet', 9, { stat: whole, result: JSON.stringify(names) }),
    ...(names.includes('r')
      ? [
          read(9, 2, 0, value, { stat: own }),
          row('getChildren', register, 9, { stat: own, result: JSON.stringify(list) }),
        ]
      : []),
  ];
  return rows.map((op) => ({ ...op, phase: 'final', server, session: 10 + server }));
}

function judge(...ops: Op[][]) {
  const evidence = evidenceFor([...beginning(), ...ops.flat()]);
  return replicasIdentical.judge({ ...evidence, scenario: { ...evidence.scenario, powerOff: false } });
}
const titles = (...ops: Op[][]) => judge(...ops).findings.map(({ title }) => title);

test('three servers that show the same are compared in pairs with the first', () => {
  expect(judge(shows(1), shows(2), shows(3))).toEqual({
    ...{ relevant: 4, seen: '4 nodes compared over 3 trees', findings: [] },
  });
});

test.each([
  ['data', { value: 'b' }, 'data "a" and "b"'],
  ['one field', { stat: { aversion: 1 } }, 'aversion 0 and 1'],
  ['a zxid', { stat: { pzxid: 5 } }, 'pzxid 0x100000002 and 0x5'],
  ['the names of children', { list: ['x'] }, 'the lists of children are not the same'],
])('a difference in %s is told', (_, change, what) => {
  expect(titles(shows(1), shows(2), shows(3, change))).toEqual([
    `${register} differs between zk1 and zk3: ${what}`,
  ]);
});

test('the order of a list of children means nothing', () => {
  expect(
    titles(shows(1, { list: ['x', 'y'] }), shows(2, { list: ['y', 'x'] }), shows(3, { list: ['x', 'y'] })),
  ).toEqual([]);
});

test('a node that only one of two has is told from either side', () => {
  const gone = { names: [] };
  expect(titles(shows(1), shows(2, gone), shows(3))).toContain(
    `${register} differs between zk1 and zk2: the second does not have it`,
  );
  expect(titles(shows(1, gone), shows(2), shows(3, gone))).toContain(
    `${register} differs between zk1 and zk2: the first does not have it`,
  );
});

test('what was not read on one server is no difference, and makes the rule undecided', () => {
  const halfRead = shows(2).filter(({ kind, path }) => kind !== 'getChildren' || path !== register);
  const half = judge(shows(1), halfRead, shows(3));
  expect(half).toMatchObject({ findings: [], inconclusive: '1 node of one server were not read on another' });
  const unread = judge(shows(1), shows(2).slice(0, 2), shows(3));
  expect(unread).toMatchObject({
    findings: [],
    inconclusive: '1 node of one server were not read on another',
  });
});

test('a server that was not read at all is named, and one tree alone is still looked at', () => {
  expect(judge(shows(1))).toMatchObject({
    relevant: 2,
    inconclusive:
      'zk2 was not read in phase "final" and zk3 was not read in phase "final": what it holds is not known',
  });
  expect(judge()).toMatchObject({ relevant: 1, findings: [] });
});
