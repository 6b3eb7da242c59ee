import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProperties } from '../../harness/lint/properties.ts';

describe('a zoo.cfg is read as java.util.Properties reads it', () => {
  test.each([
    { what: 'blanks around "="', text: '  tickTime = 2000  ', gives: ['tickTime', '2000'] },
    { what: 'a colon', text: 'zoo1:2888:3888', gives: ['zoo1', '2888:3888'] },
    { what: 'a blank alone', text: 'tickTime 2000', gives: ['tickTime', '2000'] },
    { what: 'a comment behind the value', text: 'a=1 # x', gives: ['a', '1 # x'] },
    { what: 'a key without a value', text: 'a=', gives: ['a', ''] },
    { what: 'a backslash at the end of the line', text: 'a=1,\\\n  2', gives: ['a', '1,2'] },
    { what: 'two backslashes at the end', text: 'a=1\\\\\nb', gives: ['a', '1\\'] },
    { what: 'an escaped separator', text: 'a\\:b=c', gives: ['a:b', 'c'] },
    { what: 'a Unicode escape', text: 'a=\\u0041', gives: ['a', 'A'] },
  ])('$what', ({ text, gives }) => {
    const [first] = readProperties(text);
    expect([first!.key, first!.value]).toEqual(gives);
  });

  test('comments and empty lines are no properties, and every line keeps its number', () => {
    expect(readProperties('# a=1\n\n  ! b=2\r\nc=3\r\nd=\\\n4\ne=5')).toEqual([
      { key: 'c', value: '3', line: 4 },
      { key: 'd', value: '4', line: 5 },
      { key: 'e', value: '5', line: 7 },
    ]);
  });

  test('any text is read, and nothing of a plain line is lost', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readProperties(text).length >= 0));
    const word = fc.stringMatching(/^[A-Za-z][\w.-]*$/);
    const value = fc.stringMatching(/^[\w./:;,|*-]*$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, value)), (lines) => {
        const text = lines.map(([key, given]) => `${key}=${given}\n`).join('');
        expect(readProperties(text)).toEqual(
          lines.map(([key, given], index) => ({ key, value: given, line: index + 1 })),
        );
      }),
    );
  });
});
