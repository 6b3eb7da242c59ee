import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { type FinalNode, finalTrees, lookUp } from '../../harness/rule/final-reads.ts';
import { evidenceFor, read, register, row, statOf } from './hand.ts';

const node = (path: string, more: Partial<FinalNode> = {}): [string, FinalNode] => [
  path,
  { path, present: true, stat: null, data: undefined, children: undefined, row: 0, ...more },
];
const shown = (path: string, ...nodes: [string, FinalNode][]) => {
  const found = lookUp({ root: '/gauntlet', nodes: new Map(nodes) }, path);
  return typeof found === 'object' ? 'present' : found;
};
const names = (...each: string[]) => ({ children: new Set(each) });

test('a node is what the server showed of it', () => {
  expect(shown('/gauntlet/a', node('/gauntlet/a'))).toBe('present');
  expect(shown('/gauntlet/a', node('/gauntlet/a', { present: false }))).toBe('absent');
});

test('a node that was not read is absent only if a list or an absent parent says so', () => {
  expect(shown('/gauntlet/a')).toBeUndefined();
  expect(shown('/gauntlet/a', node('/gauntlet'))).toBeUndefined();
  expect(shown('/gauntlet/a', node('/gauntlet', names('a')))).toBeUndefined();
  expect(shown('/gauntlet/a', node('/gauntlet', names('b')))).toBe('absent');
  expect(shown('/gauntlet/a/b', node('/gauntlet/a', { present: false }))).toBe('absent');
  expect(shown('/gauntlet/a/b/c', node('/gauntlet', names('b')))).toBe('absent');
  expect(shown('/gauntlet/a/b/c', node('/gauntlet', names('a')))).toBeUndefined();
  expect(shown('/elsewhere', node('/gauntlet', names('b')))).toBeUndefined();
});

const final = (op: Op, server: number): Op => ({ ...op, phase: 'final', server });
const root = (server: number) => final(row('exists', '/gauntlet', 9, { stat: statOf(1, 1, 0, '') }), server);
const treesOf = (ops: Op[], change: { powerOff?: boolean; outsiders?: number[] } = {}) => {
  const evidence = evidenceFor(ops);
  return finalTrees({ ...evidence, scenario: { ...evidence.scenario, powerOff: false, ...change } });
};

test('servers that were not read are missing, in every final phase, outsiders aside', () => {
  const { trees, missing } = treesOf([root(1), root(3)]);
  expect(trees.map(({ sid }) => sid)).toEqual([1, 3]);
  expect(missing).toEqual(['zk2 was not read in phase "final"']);
  expect(treesOf([root(1), root(3)], { outsiders: [2] }).missing).toEqual([]);
  expect(treesOf([root(1), root(2), root(3)], { powerOff: true }).missing).toHaveLength(3);
});

test('a tree that was read without its root is missing', () => {
  expect(treesOf([root(1), final(read(9, 2, 0, 'a'), 2), root(3)]).missing).toHaveLength(1);
});

test('only the final phases count, and several reads of one node are put together', () => {
  const stat = statOf(2, 2, 0, 'a');
  const exists = final(row('exists', register, 8, { stat }), 1);
  const list = final(row('getChildren', register, 9, { stat, result: '["x"]' }), 1);
  const { trees } = treesOf([
    root(1),
    read(5, 2, 0, 'old', { server: 2 }),
    final(read(9, 2, 0, 'a'), 1),
    exists,
    list,
  ]);
  expect(trees).toHaveLength(1);
  expect(trees[0]!.fromZxid).toBe(exists.zxid);
  expect(trees[0]!.nodes.get(register)).toMatchObject({ present: true, data: 'a', stat, row: 4 });
  expect([...trees[0]!.nodes.get(register)!.children!]).toEqual(['x']);
});

test('a server that had to be read again is what the last reader saw', () => {
  const list = (session: number, children: string) =>
    final({ ...row('getChildren', '/gauntlet', 9, { result: children }), session }, 1);
  const [first, second] = [7, 8];
  const { trees } = treesOf([
    { ...root(1), session: first },
    list(first, '["a"]'),
    { ...final(read(9, 2, 0, 'a'), 1), session: first },
    { ...root(1), session: second },
    list(second, '["b"]'),
  ]);
  const { nodes } = trees[0]!;
  expect([...nodes.keys()]).toEqual(['/gauntlet']);
  expect([...nodes.get('/gauntlet')!.children!]).toEqual(['b']);
});
