import { expect, test } from 'vitest';
import { Undo } from '../../harness/base/undo.ts';

test('what was done is undone youngest first, and each undoing is told', async () => {
  const undo = new Undo();
  const seen: string[] = [];
  undo.onUndone((what) => seen.push(`told ${what}`));
  for (const what of ['a', 'b']) undo.before(what, async () => seen.push(what));
  await undo.all();
  expect(seen).toEqual(['b', 'told b', 'a', 'told a']);
  await undo.all();
  expect(seen).toHaveLength(4);
});

test('what was undone in the ordinary way is left alone', async () => {
  const undo = new Undo();
  const seen: string[] = [];
  const forget = undo.before('a', async () => seen.push('a'));
  undo.before('b', async () => seen.push('b'));
  forget();
  forget();
  await undo.all();
  expect(seen).toEqual(['b']);
});

test('one deed that cannot be undone does not keep the others, and is told at the end', async () => {
  const undo = new Undo();
  const seen: string[] = [];
  undo.before('a', async () => seen.push('a'));
  undo.before('b', () => Promise.reject(new Error('b is stuck')));
  await expect(undo.all()).rejects.toThrow('b is stuck');
  expect(seen).toEqual(['a']);
});

test('nothing new is begun once undoing has begun', async () => {
  const undo = new Undo();
  await undo.all();
  expect(() => undo.before('a', async () => undefined)).toThrow(/cut short.*\(a\)/);
});
