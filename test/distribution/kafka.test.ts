import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { openCache } from '../../harness/distribution/cache.ts';
import { checkKafka, kafkaFromMaven, knownKafkas } from '../../harness/distribution/kafka.ts';
import type { FetchJars } from '../../harness/distribution/maven.ts';
import { pomOf } from '../../harness/distribution/pom.ts';
import { newestKafka } from '../../harness/topology/brokers.ts';
import { compareVersions } from '../../harness/topology/version.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gauntlet-kafka-'));
});
afterEach(() => rm(root, { recursive: true }));

test('Kafka comes from Maven once, its own jars first and one log back end with it', async () => {
  const poms: string[] = [];
  const fetch: FetchJars = async (_cache, { artifacts, into }) => {
    poms.push(pomOf(artifacts));
    await mkdir(join(into, 'lib'));
    for (const name of ['a.jar', 'kafka_2.13-3.9.1.jar', 'zookeeper-3.8.4.jar'])
      await writeFile(join(into, 'lib', name), name);
  };
  const cache = await openCache(() => undefined, { ZK_GAUNTLET_CACHE: root });
  const software = await kafkaFromMaven(cache, '3.9.1', { fetch });
  expect(await kafkaFromMaven(cache, '3.9.1', { fetch })).toEqual(software);
  expect(software.mainClass).toBe('kafka.Kafka');
  expect(software.classpath.map((jar) => jar.split('/').at(-1))).toEqual([
    'kafka_2.13-3.9.1.jar',
    'a.jar',
    'zookeeper-3.8.4.jar',
  ]);
  expect(poms).toHaveLength(1);
  expect(poms[0]).toMatch(/kafka_2\.13<\/artifactId><version>3\.9\.1/);
  expect(poms[0]).toMatch(/slf4j-reload4j/);
});

test('known releases stand from old to new, and the default is the newest', () => {
  expect(knownKafkas).toEqual([...new Set(knownKafkas)].toSorted(compareVersions));
  expect(knownKafkas.at(-1)).toBe(newestKafka);
});

test.each([
  ['4.0.0', /KRaft only/],
  ['2.3.1', /kafka_2\.13/],
  ['latest', /no Kafka release number/],
])('Kafka %s is refused with the reason', (version, reason) => {
  expect(() => checkKafka(version)).toThrow(Trouble);
  expect(() => checkKafka(version)).toThrow(reason);
});
