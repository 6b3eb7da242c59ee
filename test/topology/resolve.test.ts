import { describe, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { TopologyInput } from '../../harness/topology/topology.ts';

describe('resolveTopology', () => {
  test('three voters of the default release when nothing is said', () => {
    const { nodes, ports, separateLogDir, settings } = resolveTopology({}, '3.9.5');
    expect(
      nodes.map(({ sid, kind, version, weight, group }) => ({ sid, kind, version, weight, group })),
    ).toEqual(
      [1, 2, 3].map((sid) => ({ sid, kind: 'voter', version: '3.9.5', weight: 1, group: undefined })),
    );
    expect({ ports, separateLogDir, settings }).toEqual({
      ports: { client: 2181, quorum: 2888, election: 3888 },
      separateLogDir: false,
      settings: {},
    });
  });

  test('observers follow the voters', () => {
    const { nodes } = resolveTopology({ voters: 2, observers: 2 }, '3.9.5');
    expect(nodes.map(({ sid, kind }) => `${sid} ${kind}`)).toEqual([
      '1 voter',
      '2 voter',
      '3 observer',
      '4 observer',
    ]);
  });

  test('the release of a server wins over that of the topology, and both over the default', () => {
    const input = { version: '3.8.6', nodes: { 2: { version: '3.9.3' } } };
    expect(resolveTopology(input, '3.9.5').nodes.map(({ version }) => version)).toEqual([
      '3.8.6',
      '3.9.3',
      '3.8.6',
    ]);
  });

  test('JVM flags of the topology come before those of a server', () => {
    const { nodes } = resolveTopology(
      { jvmFlags: ['-Da=1'], nodes: { 3: { jvmFlags: ['-Da=2'] } } },
      '3.9.5',
    );
    expect(nodes.map(({ jvmFlags }) => jvmFlags)).toEqual([['-Da=1'], ['-Da=1'], ['-Da=1', '-Da=2']]);
  });

  test('settings become text', () => {
    const settings = { tickTime: 200, snapCount: '100', reconfigEnabled: true };
    expect(resolveTopology({ settings }, '3.9.5').settings).toEqual({
      tickTime: '200',
      snapCount: '100',
      reconfigEnabled: 'true',
    });
  });

  test('weights without groups put all voters into one group, and observers into none', () => {
    const { nodes } = resolveTopology({ voters: 3, observers: 1, nodes: { 1: { weight: 3 } } }, '3.9.5');
    expect(nodes.map(({ weight, group }) => [weight, group])).toEqual([
      [3, 1],
      [1, 1],
      [1, 1],
      [1, undefined],
    ]);
  });

  test.each<[TopologyInput, string]>([
    [{ nodes: { 4: { weight: 2 } } }, 'topology.nodes.4: there are only 3 servers'],
    [{ voters: 1, observers: 1, nodes: { 2: { weight: 2 } } }, 'an observer has no weight'],
    [{ nodes: { 1: { group: 1 } } }, 'voters 2, 3 are in no group'],
    [{ nodes: { 1: { weight: 0 }, 2: { weight: 0 }, 3: { weight: 0 } } }, 'all weights are 0'],
    [{ ports: { client: 2888 } }, 'two of them are the same'],
    [{ settings: { dataDir: '/x' } }, 'topology.settings."dataDir"'],
    [{ settings: { 'server.1': 'a:1:2' } }, 'use voters and observers'],
    [{ settings: { 'jute.maxbuffer': 65536 } }, 'jvmFlags: ["-Djute.maxbuffer=…"]'],
    [{ settings: { 'zookeeper.snapCount': 10 } }, 'leave out "zookeeper."'],
    [{ settings: { a: '1\nserver.9=x' } }, 'not one line of zoo.cfg'],
    [{ version: 'latest' }, 'ZooKeeper version "latest"'],
    [{ voters: 0 }, 'voters'],
    [{ voter: 3 } as TopologyInput, 'voter'],
  ])('%j is refused in words', (input, words) => {
    const refused = () => resolveTopology(input, '3.9.5');
    expect(refused).toThrow(Trouble);
    expect(refused).toThrow(words);
    expect(refused).not.toThrow('\n');
  });
});
