import { expect, test } from 'vitest';
import type { Op } from '../../harness/history/op.ts';
import { linearizableWrites } from '../../harness/rule/linearizable-writes.ts';
import { beginning, evidenceFor, lost, read, register, row, statOf, wrote } from './hand.ts';

/** What is said of the register, without its path and place. */
const said = (ops: Op[]) =>
  linearizableWrites
    .judge(evidenceFor([...beginning(), ...ops]))
    .findings.map(({ title }) =>
      title.replace(`${register} `, '').replace(/( on server \d+)? at zxid \w+$/, ''),
    );

const refused = (at: number, version: number) =>
  row('setData', register, at, { outcome: 'fail', error: -103, version, value: 'c', session: 2 });
const deleted = (at: number, version: number) => row('delete', register, at, { version });
const hidden = (value = 'x') => lost('setData', register, { value, session: 3 });
const exists = (at: number, mzxid: number, version: number) =>
  row('exists', register, at, { stat: statOf(2, mzxid, version, 'x'), session: 2 });
/** A write whose answer tells no version. */
const untold = (at: number, value: string) => wrote(at, 0, value, { stat: null });
const withStat = (at: number, mzxid: number, version: number, more: object) =>
  read(at, mzxid, version, 'b', { stat: statOf(2, mzxid, version, 'b', more) });
const wrongRefusal = 'refused a write conditional on version 0 while it had that version';
const once = 'was written once by nobody: its version jumps';

test.each<[string, Op[]]>([
  ['a conditional write makes the next version', [wrote(3, 1, 'b', { version: 0 })]],
  ['a delete asks for the version there is', [wrote(3, 1, 'b'), deleted(4, 1)]],
  ['a delete asks for a version that a lost write may have made', [hidden(), deleted(4, 1)]],
  ['a write is refused for a version that is not there', [refused(3, 7), read(4, 2, 0, 'a')]],
  ['a write is refused because of a lost one', [hidden(), refused(4, 0)]],
  [
    'a write is refused because of a lost one, which a jump shows',
    [hidden(), refused(4, 0), wrote(5, 2, 'b')],
  ],
  ['a write is refused because of a lost one, seen later', [hidden(), refused(4, 0), read(6, 3, 1, 'x')]],
  ['a node is deleted in the version that a refusal foretold', [hidden(), refused(4, 0), deleted(5, 1)]],
  [
    'a lost write is seen by its Stat first, then by its value',
    [hidden(), exists(6, 4, 1), read(7, 4, 1, 'x')],
  ],
  ['versions are counted on where nobody tells them', [untold(3, 'b'), untold(4, 'c'), read(5, 4, 2, 'c')]],
  ['a lost write stands among such', [hidden(), untold(4, 'b'), untold(5, 'c'), read(6, 5, 3, 'c')]],
  ['a refusal among such may be right', [untold(3, 'b'), refused(4, 0), read(5, 3, 1, 'b')]],
  ['a length is counted in bytes', [untold(3, 'äö'), read(4, 3, 1, 'äö', { stat: statOf(2, 3, 1, 'four') })]],
  ['nothing is the same as an empty text', [wrote(3, 1, '', { value: null }), read(4, 3, 1, '')]],
])('lawful: %s', (_, ops) => expect(said(ops)).toEqual([]));

test.each<[string, Op[], string[]]>([
  [
    'answers with the Stat of another write',
    [wrote(3, 1, 'b', { stat: statOf(2, 9, 1, 'b') })],
    ['answers a write with the Stat of another'],
  ],
  [
    'accepts a condition that is out of date',
    [wrote(3, 1, 'b'), deleted(4, 0)],
    ['accepted a condition on version 0 when it already had version 1'],
  ],
  ['accepts a condition that nobody had made true', [deleted(4, 1)], [once]],
  [
    'accepts one twice as far as a lost write explains',
    [hidden(), deleted(5, 2)],
    ['was written 2 times by nobody: its version jumps'],
  ],
  ['refuses a condition and then accepts it', [refused(3, 0), deleted(4, 0)], [wrongRefusal]],
  [
    'refuses a condition that a read then shows to be met',
    [refused(3, 0), read(4, 2, 0, 'a')],
    [wrongRefusal],
  ],
  [
    'refuses it twice, which is told once',
    [refused(3, 0), refused(4, 0), read(5, 2, 0, 'a')],
    [wrongRefusal],
  ],
  ['refuses it and then writes the next version', [refused(3, 0), wrote(4, 1, 'b')], [wrongRefusal]],
  ['refuses it before the only lost write', [refused(4, 0), hidden()], [wrongRefusal]],
  ['refuses it where no zxid is left for a lost write', [hidden(), refused(3, 0)], [wrongRefusal]],
  [
    'jumps a version behind a refusal that only an earlier write explains',
    [refused(4, 0), hidden(), wrote(7, 2, 'b')],
    [once],
  ],
  [
    'shows a version too high for its mzxid',
    [wrote(3, 1, 'b'), read(4, 3, 2, 'b')],
    ['has version 2 where it must have 1'],
  ],
  [
    'makes the same version twice',
    [wrote(3, 1, 'b'), wrote(4, 1, 'c')],
    ['has version 1 after a write that followed version 1'],
  ],
  [
    'counts too few writes of which nobody told the version',
    [untold(3, 'b'), untold(4, 'c'), read(5, 4, 1, 'c')],
    ['has version 1 where it must have 2'],
  ],
  ['counts too many', [untold(3, 'b'), untold(4, 'c'), read(5, 4, 3, 'c')], [once]],
  [
    'changes its time without a write',
    [wrote(3, 1, 'b'), withStat(4, 3, 1, { mtimeMs: 5 })],
    ['has mtimeMs 5 and had 0, although nobody wrote it in between'],
  ],
  [
    'shows another value at that zxid',
    [wrote(3, 1, 'b'), read(4, 3, 1, 'c')],
    ['holds "c" where "b" was written'],
  ],
  [
    'shows two values of one lost write',
    [hidden(), exists(6, 4, 1), read(7, 4, 1, 'y')],
    ['holds "y" where "x" was written'],
  ],
  [
    'shows two values at a zxid of which nobody knows the writer',
    [hidden(), hidden('y'), exists(6, 4, 1), read(7, 4, 1, 'x'), read(8, 4, 1, 'y')],
    ['holds "y" where "x" was written'],
  ],
  ['was written, and nobody asked for that', [exists(6, 4, 1)], ['was written by nobody']],
  ['was written twice, and once was asked for', [hidden(), exists(7, 5, 2)], [once]],
  ['shows what was asked for in a version it cannot have made', [hidden(), read(7, 5, 2, 'x')], [once]],
])('a breach: the server %s', (_, ops, words) => expect(said(ops)).toEqual(words));

test('a Stat that a conditional write answers with is the next version', () => {
  expect(said([wrote(3, 5, 'b', { version: 0 })])[0]).toBe(
    'got version 5 from a write conditional on version 0',
  );
});

test('a wrong length is told of the value, and of the Stats before', () => {
  expect(said([wrote(3, 1, 'b'), withStat(4, 3, 1, { dataLength: 5 })])).toContain(
    'has dataLength 5 and had 1, although nobody wrote it in between',
  );
  expect(said([untold(3, 'b'), withStat(4, 3, 1, { dataLength: 5 })])).toContain('says dataLength 5 of "b"');
});

test('children that a multi makes after their parent are counted as the parent’s', () => {
  const make = (path: string) => ({ kind: 'create', path, value: '', mode: 0 });
  const made = [make('/gauntlet/m'), make('/gauntlet/m/n')];
  const multi = row('multi', '', 3, {
    value: JSON.stringify(made),
    result: JSON.stringify(made.map(({ path }) => ({ kind: 'create', name: path, stat: null }))),
  });
  const seen = (children: number) =>
    row('exists', '/gauntlet/m', 4, {
      stat: statOf(3, 3, 0, '', { cversion: children, numChildren: children }),
    });
  expect(said([multi, seen(1)])).toEqual([]);
  expect(said([multi, seen(2)])[0]).toMatch(/counts 2 children created, but only 1 were/);
});
