import { describe, expect, test } from 'vitest';
import { parseJvmFlags, withJvmFlags } from '../../harness/distribution/jvm-flags.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

describe('--jvm-flags', () => {
  test('go to every server', () => {
    expect(parseJvmFlags(['-Xmx64m  -Da=b']).all).toEqual(['-Xmx64m', '-Da=b']);
  });

  test('go to one server when its id comes first', () => {
    const { all, bySid } = parseJvmFlags(['2:-Xmx64m', '-Da=b', '2:-Dc=d', ' 10: -De=f']);
    expect(all).toEqual(['-Da=b']);
    expect([...bySid]).toEqual([
      [2, ['-Xmx64m', '-Dc=d']],
      [10, ['-De=f']],
    ]);
  });

  test.each([
    [`-Da='b c'`, '-Da=b c'],
    [`"-Da=b c"`, '-Da=b c'],
    [`-Da="say \\"hi\\""`, '-Da=say "hi"'],
    [`-Da=b\\ c`, '-Da=b c'],
    [`-Da='\\'"'"`, `-Da=\\'`],
    [`-Da=''`, '-Da='],
  ])('%s is one flag', (text, flag) => {
    expect(parseJvmFlags([text]).all).toEqual([flag]);
  });

  test.each([
    [`-Da='b`, "' is left open"],
    [`-Da="b`, '" is left open'],
    ['-Da=b\\', '\\ is left open'],
    ['Xmx64m', '"Xmx64m" is no JVM flag'],
    ['-Da=b c', '"c" is no JVM flag'],
    ['0:-Xmx64m', '"0:-Xmx64m" is no JVM flag'],
    ['-', '"-" is no JVM flag'],
  ])('%s is refused', (text, words) => {
    expect(() => parseJvmFlags([text])).toThrow(words);
  });

  test('come after the flags of the topology, those of one server last', () => {
    const topology = resolveTopology({ voters: 2, jvmFlags: ['-Da=1'] }, '3.9.5');
    const flagged = withJvmFlags(topology, parseJvmFlags(['1:-Da=3', '-Da=2']));
    expect(flagged.nodes.map(({ jvmFlags }) => jvmFlags)).toEqual([
      ['-Da=1', '-Da=2', '-Da=3'],
      ['-Da=1', '-Da=2'],
    ]);
  });

  test('for a server that does not exist are refused', () => {
    const topology = resolveTopology({ voters: 2 }, '3.9.5');
    expect(() => withJvmFlags(topology, parseJvmFlags(['3:-Xmx64m']))).toThrow('there is no server 3');
  });
});
