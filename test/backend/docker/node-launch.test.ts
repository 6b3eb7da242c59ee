import { expect, test } from 'vitest';
import { type LaunchParts, launchOf } from '../../../harness/backend/docker/node-launch.ts';
import { resolveTopology } from '../../../harness/topology/resolve.ts';

const topology = resolveTopology(
  { voters: 3, separateLogDir: true, kafka: { settings: { 'num.io.threads': 5 }, jvmFlags: ['-Da=b'] } },
  '3.9.5',
  '3.9.2',
);
const parts: LaunchParts = {
  topology,
  servers: {
    images: {},
    brokers: { '3.9.2': { name: 'cp-kafka', volumes: ['/var/lib/kafka/data', '/etc/kafka/secrets'] } },
  },
  addressOf: (node) => `10.0.0.${node}`,
};
const environment = (env: readonly string[]) =>
  Object.fromEntries(
    env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

test('a broker has every setting by a variable of its image, and what the image declares as volumes in memory', () => {
  const { version, made, files } = launchOf(parts, 102, { jvmFlags: ['-Dc=d'] });
  expect(version).toBe('3.9.2');
  expect(environment(made.env)).toMatchObject({
    KAFKA_BROKER_ID: '2',
    KAFKA_LISTENERS: 'PLAINTEXT://10.0.0.102:9092',
    KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://10.0.0.102:9092',
    KAFKA_ZOOKEEPER_CONNECT: '10.0.0.1:2181,10.0.0.2:2181,10.0.0.3:2181/kafka',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_NUM_IO_THREADS: '5',
    KAFKA_OPTS: '-Da=b -Dc=d',
  });
  expect(made.places).toEqual({ conf: '/gauntlet', data: '/var/lib/kafka/data' });
  expect(made.scratch).toEqual(['/etc/kafka/secrets']);
  expect(files.map(({ name }) => name)).toEqual(['log4j.properties']);
});

test('other settings of one start are other variables, and so another container', () => {
  const usual = launchOf(parts, 101, {}).made;
  expect(launchOf(parts, 101, {}).made).toEqual(usual);
  const unclean = launchOf(parts, 101, { settings: { 'unclean.leader.election.enable': 'true' } }).made;
  expect(environment(unclean.env).KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE).toBe('true');
});

test('where clients reach brokers by published ports only, these have a listener of their own for them', () => {
  const { made } = launchOf(parts, 101, {}, { host: '127.0.0.1', port: 49153 });
  expect(environment(made.env)).toMatchObject({
    KAFKA_LISTENERS: 'INSIDE://10.0.0.101:9092,OUTSIDE://10.0.0.101:9093',
    KAFKA_ADVERTISED_LISTENERS: 'INSIDE://10.0.0.101:9092,OUTSIDE://127.0.0.1:49153',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
  });
});

test('a release without an image is named', () => {
  expect(() => launchOf(parts, 101, { version: '2.7.0' })).toThrow('no image of Kafka 2.7.0');
  expect(() => launchOf(parts, 101, { jvmFlags: ['-Da=b c'] })).toThrow('--backend sandbox');
});
