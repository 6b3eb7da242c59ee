import { expect, test } from 'vitest';
import { EdnReader } from '../../harness/lin/read/edn.ts';
import { ValueTable } from '../../harness/lin/values.ts';

function read(text: string): unknown {
  const values = new ValueTable();
  const reader = new EdnReader(values);
  const bytes = Buffer.from(text);
  reader.feed(bytes, 0, bytes.length, true);
  return values.valueOf(reader.value());
}

test.each([
  ['nil', null],
  ['true', true],
  ['false', false],
  ['12', 12],
  ['-7', -7],
  ['3.25', 3.25],
  ['1e3', 1000],
  ['4294967296', 4294967296],
  ['12345678901234567890', 12345678901234567890n],
  ['42N', 42],
  ['"a \\"b\\"\\n\\u00e9"', 'a "b"\né'],
  ['""', ''],
  [':timed-out', ':timed-out'],
  ['sym/bol', 'sym/bol'],
  ['[1 2, 3]', [1, 2, 3]],
  ['(1 nil)', [1, null]],
  ['#{3 1 2}', new Set([3, 1, 2])],
  [
    '{:a 1, :b [2]}',
    new Map<unknown, unknown>([
      [':a', 1],
      [':b', [2]],
    ]),
  ],
  ['#inst "2026-01-01"', '2026-01-01'],
  ['; a comment\n #_ignored 5', 5],
  ['[[] {} #{}]', [[], new Map(), new Set()]],
])('%s is read', (text, value) => {
  expect(read(text)).toEqual(value);
});

test.each(['[1 2', '"open', '{:a', '{:a}', ')', '#', ''])(
  '"%s" is refused with the line it stands in',
  (text) => {
    expect(() => read(`\n\n${text}`)).toThrow(/^line [34]: /);
  },
);

test('equal values are one value, however they are written', () => {
  const values = new ValueTable();
  const reader = new EdnReader(values);
  const id = (text: string) => {
    const bytes = Buffer.from(text);
    reader.feed(bytes, 0, bytes.length, true);
    return reader.value();
  };
  expect(id('#{1 2}')).toBe(id('#{2 1}'));
  expect(id('{:a 1 :b 2}')).toBe(id('{:b 2, :a 1}'));
  expect(id('1.0')).toBe(id('1'));
  expect(id('[1]')).toBe(id('(1)'));
  expect(id('"1"')).not.toBe(id('1'));
  expect(id('"nil"')).not.toBe(id('nil'));
  expect(id('9007199254740993')).not.toBe(id('9007199254740992'));
});

test('values stay apart and equal through many of them', () => {
  const values = new ValueTable();
  const ids = Array.from({ length: 50_000 }, (_, n) => [values.idOfInteger(n), values.idOfText(`t${n}`)]);
  expect(new Set(ids.flat()).size).toBe(100_000);
  for (const n of [0, 1, 777, 49_999]) {
    expect([values.idOfInteger(n), values.idOfText(`t${n}`)]).toEqual(ids[n]);
    expect(ids[n]!.map((id) => values.valueOf(id))).toEqual([n, `t${n}`]);
  }
});
