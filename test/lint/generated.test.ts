import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeFile } from '../../harness/topology/compose-file.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { Topology, TopologyInput } from '../../harness/topology/topology.ts';
import { myid, zooCfg } from '../../harness/topology/zoo-cfg.ts';
import { idsIn, linted } from './linted.ts';

/** Ensembles that nothing is wrong with: an odd number of voters, observers, groups of three, any release and ports. */
const topologies = fc
  .record({
    voters: fc.constantFrom(1, 3, 5, 7, 9),
    observers: fc.integer({ min: 0, max: 3 }),
    version: fc.constantFrom('3.4.6', '3.4.14', '3.5.8', '3.6.4', '3.8.6', '3.9.5'),
    separateLogDir: fc.boolean(),
    grouped: fc.boolean(),
    ports: fc.constantFrom(
      { client: 2181, quorum: 2888, election: 3888 },
      { client: 12181, quorum: 2881, election: 3881 },
    ),
    settings: fc.constantFrom(
      {},
      { tickTime: 2000, snapCount: 100 },
      { 'autopurge.purgeInterval': 24, reconfigEnabled: true },
    ),
  })
  .map(({ grouped, observers, ...input }): Topology => {
    const topology: TopologyInput = { ...input, observers: input.voters > 1 ? observers : 0 };
    if (grouped && input.voters > 1)
      topology.nodes = Object.fromEntries(
        Array.from({ length: input.voters }, (_, i) => [
          `${i + 1}`,
          { group: 1 + (i % 3), weight: 1 + (i % 2) },
        ]),
      );
    return resolveTopology(topology, '3.9.5');
  });

describe('configurations made from a topology raise no alarm', () => {
  test('zoo.cfg and myid of every server, on machines of their own', () => {
    fc.assert(
      fc.property(topologies, (topology) => {
        expect(
          idsIn(
            linted(
              filesOf(topology, (sid) => ({ host: `10.0.0.${sid}` })),
              optionsOf(topology),
            ),
          ),
        ).toEqual([]);
      }),
    );
  });

  test('zoo.cfg and myid of servers that share an address', () => {
    const ports = (sid: number) => ({ client: 2180 + sid, quorum: 2880 + sid, election: 3880 + sid });
    fc.assert(
      fc.property(topologies, (topology) => {
        const files = filesOf(topology, (sid) => ({ host: '127.0.0.1', ports: ports(sid) }));
        expect(idsIn(linted(files, optionsOf(topology)))).toEqual([]);
      }),
    );
  });

  test('compose files of `gauntlet compose`, alone and beside others', () => {
    fc.assert(
      fc.property(fc.array(topologies, { minLength: 1, maxLength: 3 }), (all) => {
        const files = all.map((topology, i) => [
          `${i}.yml`,
          composeFile(topology, { firstPort: 2181, firstBrokerPort: 9092 }),
        ]);
        expect(idsIn(linted(Object.fromEntries(files)))).toEqual([]);
      }),
    );
  });
});

const optionsOf = ({ nodes }: Topology) => ({ release: nodes[0]!.version });

function filesOf(
  topology: Topology,
  placeOf: (sid: number) => { host: string; ports?: Topology['ports'] },
): Record<string, string> {
  const places = new Map(
    topology.nodes.map(({ sid }) => [
      sid,
      { ...placeOf(sid), dataDir: `/data/${sid}`, dataLogDir: `/log/${sid}` },
    ]),
  );
  return Object.fromEntries(
    topology.nodes.flatMap(({ sid }) => [
      [`zk${sid}/zoo.cfg`, zooCfg(topology, sid, places)],
      [`zk${sid}/myid`, myid(sid)],
    ]),
  );
}
