import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeCommand } from '../../harness/cli/compose.ts';
import { composeFile } from '../../harness/topology/compose-file.ts';
import { confluentImage } from '../../harness/topology/confluent.ts';
import { parseLayers } from '../../harness/topology/notation.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { TopologyInput } from '../../harness/topology/topology.ts';
import { gauntlet } from '../support/gauntlet.ts';

interface Service {
  image: string;
  environment: Record<string, string | number>;
  ports: string[];
  volumes: string[];
  healthcheck: { test: string[] };
  depends_on?: Record<string, object>;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, object>;
}

const made = (input: TopologyInput, version = '3.9.5', image?: string) =>
  parse(
    composeFile(resolveTopology(input, version), {
      firstPort: 2181,
      firstBrokerPort: 9092,
      ...(image !== undefined && { image }),
    }),
  ) as Compose;

const ports = { firstPort: 2181, firstBrokerPort: 9092 };

/** Every committed file, with the words that make it. */
const committed = [
  { file: 'compose/3-voters.yml', words: ['3'] },
  { file: 'compose/5-voters.yml', words: ['5'] },
  { file: 'compose/3-voters-2-observers.yml', words: ['3+2'] },
  { file: 'compose/3-voters-3-brokers.yml', words: ['kafka', '3'] },
];
const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

const compose = ['docker-compose', 'docker'].flatMap((program) => {
  const args = program === 'docker' ? ['compose'] : [];
  return spawnSync(program, [...args, 'version']).status === 0 ? [[program, ...args]] : [];
});
const lacks = compose.length === 0 ? ' (skipped: no docker-compose and no docker compose here)' : '';

describe.each(committed)('$file', ({ file, words }) => {
  test('is what its topology makes', () => {
    const text = composeFile(resolveTopology(parseLayers(words).topology, '3.9.5'), ports);
    expect(
      readFileSync(pathOf(file), 'utf8'),
      `run \`npx gauntlet compose ${words.join(' ')} > ${file}\``,
    ).toBe(text);
  });

  test.skipIf(lacks)(`is taken by every Compose of this machine${lacks}`, () => {
    for (const [program, ...args] of compose) {
      const services = execFileSync(program!, [...args, '-f', pathOf(file), 'config', '--services'], {
        encoding: 'utf8',
      });
      const { voters = 0, observers = 0, kafka } = parseLayers(words).topology;
      const nodes = voters + observers + (kafka?.brokers ?? 0);
      expect(services.trim().split('\n')).toHaveLength(nodes);
    }
  });
});

test('a server has its own id, all servers of the topology, a port of 127.0.0.1, and volumes with a name', () => {
  const { services, volumes } = made({ voters: 3, observers: 1 });
  expect(Object.keys(services)).toEqual(['zk1', 'zk2', 'zk3', 'zk4']);
  const { environment, ports, image, volumes: mounts } = services.zk4!;
  expect(image).toBe('zookeeper:3.9.5');
  expect(environment.ZOO_MY_ID).toBe(4);
  expect(String(environment.ZOO_SERVERS).split(' ')).toEqual([
    'server.1=zk1:2888:3888;2181',
    'server.2=zk2:2888:3888;2181',
    'server.3=zk3:2888:3888;2181',
    'server.4=zk4:2888:3888:observer;2181',
  ]);
  expect(ports).toEqual(['127.0.0.1:2184:2181']);
  for (const mount of mounts) expect(volumes).toHaveProperty(mount.split(':')[0]!);
});

test('settings go into the variables of the image, and what has none into ZOO_CFG_EXTRA', () => {
  const { services } = made({ voters: 1, settings: { tickTime: 500, snapCount: 100 } });
  const { environment } = services.zk1!;
  expect(environment).toMatchObject({ ZOO_TICK_TIME: '500', ZOO_4LW_COMMANDS_WHITELIST: '*' });
  expect(environment.ZOO_CFG_EXTRA).toBe('maxSessionTimeout=60000 snapCount=100');
});

test('groups, weights, JVM flags and ports of the topology are in the file', () => {
  const { services } = made({
    voters: 3,
    nodes: { 1: { group: 1, jvmFlags: ['-Xmx64m'] }, 2: { group: 1 }, 3: { group: 2, weight: 2 } },
    ports: { client: 9181 },
  });
  const { environment, ports, healthcheck } = services.zk1!;
  expect(environment.ZOO_CFG_EXTRA).toContain('group.1=1:2 group.2=3 weight.1=1 weight.2=1 weight.3=2');
  expect(environment.JVMFLAGS).toBe('-Xmx64m');
  expect(environment.ZOO_SERVERS).toContain('server.1=zk1:2888:3888;9181');
  expect(ports).toEqual(['127.0.0.1:2181:9181']);
  expect(healthcheck.test.join(' ')).toContain('127.0.0.1 9181');
});

test('before 3.5 the client port does not stand in the line of a server', () => {
  const { services } = made({ voters: 3 }, '3.4.14');
  expect(services.zk1!.environment.ZOO_SERVERS).toMatch(/^server\.1=zk1:2888:3888 server\.2/);
});

test('any image may take the place of the official one', () => {
  expect(made({ voters: 1 }, '3.9.5', 'my/zookeeper:1').services.zk1!.image).toBe('my/zookeeper:1');
});

test('the command prints the file and nothing else', async () => {
  const { code, stdout, stderr } = await gauntlet(['compose', '3']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(readFileSync(pathOf('compose/3-voters.yml'), 'utf8'));
});

test.each([
  ['many', {}, /topology "many"/],
  ['0', {}, /voters/],
  ['3', { port: '65534' }, /--port 65534: no port; give one from 1 to 65533/],
  ['3', { zookeeper: 'new' }, /--zookeeper "new"/],
  ['rabbit 3', {}, /topology "rabbit 3": no such thing; .*kafka 3/],
  ['kafka 7', {}, /kafka\.brokers/],
  ['kafka 3', { brokerPort: '65534' }, /--broker-port 65534: no port; give one from 1 to 65533/],
  ['kafka 3', { kafka: '4.0.0' }, /--kafka 4.0.0: Kafka 4 knows KRaft only/],
])('%s with %o is refused', (words, options, message) => {
  const defaults = { zookeeper: '3.9.5', kafka: '3.9.2', port: '2181', brokerPort: '9092' };
  expect(() => composeCommand(words.split(' '), { ...defaults, ...options })).toThrow(message);
});

test('a broker waits for healthy servers, has a listener for each side, and data in a volume with a name', () => {
  const { services, volumes } = made({ voters: 3, kafka: { chroot: '/k' } });
  const { image, environment, ports, volumes: mounts, depends_on } = services.kafka2!;
  expect(image).toBe('confluentinc/cp-kafka:7.9.0');
  expect(environment).toMatchObject({
    KAFKA_BROKER_ID: '2',
    KAFKA_ZOOKEEPER_CONNECT: 'zk1:2181,zk2:2181,zk3:2181/k',
    KAFKA_ADVERTISED_LISTENERS: 'INSIDE://kafka2:9092,OUTSIDE://127.0.0.1:9093',
    KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: 'false',
  });
  expect(ports).toEqual(['127.0.0.1:9093:9093']);
  expect(Object.keys(depends_on!)).toEqual(['zk1', 'zk2', 'zk3']);
  expect(mounts).toEqual(['kafka2-data:/var/lib/kafka/data']);
  expect(volumes).toHaveProperty('kafka2-data');
});

test.each([
  ['2.4.1', '5.4.0'],
  ['2.7.0', '6.1.0'],
  ['3.9.2', '7.9.0'],
])('Kafka %s is in the image of Confluent Platform %s', (kafka, platform) => {
  expect(confluentImage(kafka)).toBe(`confluentinc/cp-kafka:${platform}`);
});
