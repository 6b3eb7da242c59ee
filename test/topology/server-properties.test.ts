import { describe, expect, test } from 'vitest';
import { brokerId, brokerNode, isBroker } from '../../harness/topology/brokers.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { serverProperties } from '../../harness/topology/server-properties.ts';
import { allNodesOf, clientPortOf, nodeName, type TopologyInput } from '../../harness/topology/topology.ts';

const place = { host: '10.0.0.111', dataDir: '/data', zookeeper: ['10.0.0.11:2181', '10.0.0.12:2181'] };
const linesOf = (kafka: TopologyInput['kafka'], node = brokerNode(1)) =>
  serverProperties(resolveTopology({ kafka }, '3.9.5').kafka!, node, place).trim().split('\n');

describe('brokers of a topology', () => {
  test('are nodes behind the servers, with names and a port of their own', () => {
    const topology = resolveTopology({ voters: 3, observers: 1, kafka: { brokers: 2 } }, '3.9.5', '3.9.1');
    expect(topology.nodes).toHaveLength(4);
    expect(allNodesOf(topology).map(nodeName)).toEqual(['zk1', 'zk2', 'zk3', 'zk4', 'kafka1', 'kafka2']);
    expect(topology.kafka).toMatchObject({ version: '3.9.1', chroot: '/kafka' });
    expect([clientPortOf(topology, 1), clientPortOf(topology, brokerNode(1))]).toEqual([2181, 9092]);
    expect(isBroker(18)).toBe(false);
    expect(brokerId(brokerNode(5))).toBe(5);
  });

  test('are absent where nobody asked for them', () => {
    expect(resolveTopology({}, '3.9.5')).not.toHaveProperty('kafka');
  });

  test.each([{ brokers: 6 }, { brokers: 0 }, { chroot: 'kafka' }, { version: 'new' }])(
    '%j is refused',
    (kafka) => {
      expect(() => resolveTopology({ kafka }, '3.9.5')).toThrow(/topology|Kafka version/);
    },
  );
});

describe('server.properties', () => {
  test('names its broker, its address, its disk and every server with the chroot behind the last', () => {
    const lines = linesOf({}, brokerNode(2));
    expect(lines).toContain('broker.id=2');
    expect(lines).toContain('advertised.listeners=PLAINTEXT://10.0.0.111:9092');
    expect(lines).toContain('log.dirs=/data');
    expect(lines).toContain('zookeeper.connect=10.0.0.11:2181,10.0.0.12:2181/kafka');
  });

  test('keeps records safe by default, and internal topics on three brokers', () => {
    const lines = linesOf({});
    for (const line of [
      'min.insync.replicas=2',
      'unclean.leader.election.enable=false',
      'auto.create.topics.enable=false',
      'offsets.topic.replication.factor=3',
    ])
      expect(lines).toContain(line);
  });

  test('asks for no more replicas than there are brokers', () => {
    const lines = linesOf({ brokers: 1 });
    expect(lines).toContain('offsets.topic.replication.factor=1');
    expect(lines).toContain('min.insync.replicas=1');
  });

  test('lets settings of the topology win, but not over what the harness decides', () => {
    const lines = linesOf({ settings: { 'broker.id': 9, 'min.insync.replicas': 1 } });
    expect(lines).toContain('broker.id=1');
    expect(lines).toContain('min.insync.replicas=1');
  });
});
