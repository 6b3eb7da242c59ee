import { describe, expect, test } from 'vitest';
import { readYaml, textOf, textsOf, under } from '../../harness/lint/yaml-tree.ts';

const read = (text: string) => readYaml('a.yml', text);

describe('a YAML file', () => {
  test('keeps the line of every word', () => {
    const [root] = read('a:\n  - b: x\n    c: |\n      one\n      two\n').documents;
    const list = under(root, 'a');
    const item = list?.kind === 'list' ? list.items[0] : undefined;
    expect(under(item, 'b')).toMatchObject({ text: 'x', place: { file: 'a.yml', line: 2 } });
    expect(under(item, 'c')).toMatchObject({
      words: [
        { text: 'one', place: { line: 4 } },
        { text: 'two', place: { line: 5 } },
      ],
    });
  });

  test('follows merge keys; own keys win, and of several maps the first', () => {
    const [root] = read('x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  c: 3\n').documents;
    expect(['a', 'b', 'c'].map((key) => textOf(under(root, 'z', key)))).toEqual(['1', '1', '3']);
  });

  test('keeps numbers as they are written', () => {
    expect(textsOf(read('[010, 1e3, 0x1, true, null, ~]').documents[0])).toEqual([
      '010',
      '1e3',
      '0x1',
      'true',
      '',
      '',
    ]);
  });

  test('that holds itself, or doubles itself forty times, is read in no time', () => {
    expect(read('a: &a [*a]\n').documents).toHaveLength(1);
    const doubling = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join(
      '',
    );
    expect(read(`a0: &a0 x\n${doubling}`).documents).toHaveLength(1);
  });

  test('with a mistake says where', () => {
    expect(read('a: [\n')).toMatchObject({ documents: [], mistake: expect.stringMatching(/^line \d: /) });
  });
});
