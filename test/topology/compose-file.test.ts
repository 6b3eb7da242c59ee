import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeCommand } from '../../harness/cli/compose.ts';
import { composeFile } from '../../harness/topology/compose-file.ts';
import { parseTopology } from '../../harness/topology/notation.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import type { TopologyInput } from '../../harness/topology/topology.ts';
import { gauntlet } from '../support/gauntlet.ts';

interface Service {
  image: string;
  environment: Record<string, string | number>;
  ports: string[];
  volumes: string[];
  healthcheck: { test: string[] };
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, object>;
}

const made = (input: TopologyInput, version = '3.9.5', image?: string) =>
  parse(
    composeFile(resolveTopology(input, version), { firstPort: 2181, ...(image !== undefined && { image }) }),
  ) as Compose;

/** Every committed file, with the words that make it. */
const committed = [
  { file: 'compose/3-voters.yml', word: '3' },
  { file: 'compose/5-voters.yml', word: '5' },
  { file: 'compose/3-voters-2-observers.yml', word: '3+2' },
];
const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

const compose = ['docker-compose', 'docker'].flatMap((program) => {
  const args = program === 'docker' ? ['compose'] : [];
  return spawnSync(program, [...args, 'version']).status === 0 ? [[program, ...args]] : [];
});
const lacks = compose.length === 0 ? ' (skipped: no docker-compose and no docker compose here)' : '';

describe.each(committed)('$file', ({ file, word }) => {
  test('is what its topology makes', () => {
    const text = composeFile(resolveTopology(parseTopology(word), '3.9.5'), { firstPort: 2181 });
    expect(readFileSync(pathOf(file), 'utf8'), `run \`npx gauntlet compose ${word} > ${file}\``).toBe(text);
  });

  test.skipIf(lacks)(`is taken by every Compose of this machine${lacks}`, () => {
    for (const [program, ...args] of compose) {
      const words = execFileSync(program!, [...args, '-f', pathOf(file), 'config', '--services'], {
        encoding: 'utf8',
      });
      const { voters = 0, observers = 0 } = parseTopology(word);
      expect(words.trim().split('\n')).toHaveLength(voters + observers);
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
])('%s with %o is refused', (word, options, message) => {
  expect(() => composeCommand(word, { zookeeper: '3.9.5', port: '2181', ...options })).toThrow(message);
});
