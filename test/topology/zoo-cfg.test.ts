import { describe, expect, test } from 'vitest';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { Topology, TopologyInput } from '../../harness/topology/topology.ts';
import { myid, type ServerPlace, zooCfg } from '../../harness/topology/zoo-cfg.ts';

describe('zoo.cfg', () => {
  test('of an observer beside three voters', () => {
    expect(cfg({ voters: 3, observers: 1 }, 4)).toBe(`tickTime=300
initLimit=20
syncLimit=6
maxSessionTimeout=60000
maxClientCnxns=0
autopurge.purgeInterval=0
4lw.commands.whitelist=*
admin.enableServer=false
dataDir=/data/4
clientPort=2181
peerType=observer
server.1=10.0.0.1:2888:3888
server.2=10.0.0.2:2888:3888
server.3=10.0.0.3:2888:3888
server.4=10.0.0.4:2888:3888:observer
`);
  });

  test('only observers are told that they are', () => {
    expect(cfg({ voters: 3, observers: 1 }, 3)).not.toContain('peerType');
  });

  test('names a log directory of its own when the topology asks for one', () => {
    expect(cfg({ separateLogDir: true }, 1)).toContain('\ndataDir=/data/1\ndataLogDir=/datalog/1\n');
    expect(cfg({}, 1)).not.toContain('dataLogDir');
  });

  test('a server may have another host in its own line, and only there', () => {
    const nodes = { 1: { ownHost: '0.0.0.0' }, 3: { ownHost: '::' } };
    expect(lines({ nodes }, 1, /^server/)).toEqual([
      'server.1=0.0.0.0:2888:3888',
      'server.2=10.0.0.2:2888:3888',
      'server.3=10.0.0.3:2888:3888',
    ]);
    expect(lines({ nodes }, 2, /^server.1/)).toEqual(['server.1=10.0.0.1:2888:3888']);
    expect(lines({ nodes }, 3, /^server.3/)).toEqual(['server.3=[::]:2888:3888']);
    expect(() => cfg({ nodes: { 1: { ownHost: 'a b' } } }, 1)).toThrow(/must be one host name or address/);
  });

  test('writes groups and weights of a hierarchical quorum', () => {
    const nodes = { 1: { group: 1, weight: 2 }, 2: { group: 1 }, 3: { group: 2, weight: 0 } };
    expect(lines({ nodes }, 1, /^(group|weight)/)).toEqual([
      'group.1=1:2',
      'group.2=3',
      'weight.1=2',
      'weight.2=1',
      'weight.3=0',
    ]);
  });

  test('settings of the topology win over the test defaults', () => {
    const settings = { tickTime: 500, 'admin.enableServer': true, snapCount: 10 };
    expect(lines({ settings }, 1, /^(tickTime|admin|snapCount)/)).toEqual([
      'tickTime=500',
      'admin.enableServer=true',
      'snapCount=10',
    ]);
  });

  test('leaves out what a release does not know', () => {
    expect(cfg({ version: '3.4.6' }, 1)).not.toMatch(/4lw|admin/);
    expect(cfg({ version: '3.4.14' }, 1)).toContain('4lw.commands.whitelist=*');
    expect(cfg({ version: '3.4.14' }, 1)).not.toContain('admin');
  });

  test('asks for no dynamic configuration', () => {
    expect(cfg({}, 1)).not.toContain('dynamic');
  });

  test('uses the ports of the topology, and a place of its own where servers share an address', () => {
    const topology = resolveTopology({ voters: 2, ports: { client: 21, quorum: 28, election: 38 } }, '3.9.5');
    const places = placesOf(topology);
    expect(zooCfg(topology, 1, places)).toContain('clientPort=21\nserver.1=10.0.0.1:28:38\n');
    places.set(2, { ...places.get(2)!, ports: { client: 1, quorum: 2, election: 3 } });
    expect(zooCfg(topology, 2, places)).toContain('clientPort=1\n');
    expect(zooCfg(topology, 1, places)).toContain('server.2=10.0.0.2:2:3\n');
  });

  test('puts brackets around an IPv6 address', () => {
    const topology = resolveTopology({ voters: 1 }, '3.9.5');
    const places = new Map([[1, { host: 'fd00::1', dataDir: '/data', dataLogDir: '/log' }]]);
    expect(zooCfg(topology, 1, places)).toContain('server.1=[fd00::1]:2888:3888');
  });

  test('myid is the server id', () => {
    expect(myid(3)).toBe('3\n');
  });
});

function cfg(input: TopologyInput, sid: number): string {
  const topology = resolveTopology(input, '3.9.5');
  return zooCfg(topology, sid, placesOf(topology));
}

function lines(input: TopologyInput, sid: number, pattern: RegExp): string[] {
  return cfg(input, sid)
    .split('\n')
    .filter((line) => pattern.test(line));
}

function placesOf({ nodes }: Topology): Map<number, ServerPlace> {
  return new Map(
    nodes.map(({ sid }) => [
      sid,
      { host: `10.0.0.${sid}`, dataDir: `/data/${sid}`, dataLogDir: `/datalog/${sid}` },
    ]),
  );
}
