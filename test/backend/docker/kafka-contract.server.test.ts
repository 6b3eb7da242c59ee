import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holderName } from '../../../harness/backend/docker/build-base.ts';
import { buildImage } from '../../../harness/backend/docker/build-image.ts';
import { checkKafkaImage, kafkaIn } from '../../../harness/backend/docker/kafka-contract.ts';
import { docker, engine, engineHere, labelled, skipWithout } from './engine-here.ts';

test.each([
  ['/usr/share/java/kafka/kafka_2.13-7.9.0-ccs.jar', '3.9', false],
  ['/usr/share/java/kafka/kafka_2.13-6.1.1-ccs.jar', '2.7', false],
  ['/usr/share/java/kafka/kafka_2.12-5.4.0-ce.jar', '2.4', false],
  ['/usr/share/java/kafka/kafka_2.13-8.0.0-ccs.jar', '4.0', false],
  ['/opt/kafka/libs/kafka_2.13-3.9.2.jar\n', '3.9', true],
])('the jar %s is Kafka %s', (jar, line, exact) => {
  expect(kafkaIn(jar)).toMatchObject({ line, exact });
});

/** Nothing in them runs: what counts is which files an image has. */
const recipe = (...files: string[]) =>
  `FROM ${holderName}\nRUN ${files.map((file) => `install -D -m 755 /bin/true ${file}`).join(' && ')}`;
const confluent = '/etc/confluent/docker/run';
const tool = '/usr/bin/kafka-run-class';
const jar = (release: string) => `/usr/share/java/kafka/kafka_2.13-${release}.jar`;

const images: Record<string, { recipe: string; version: string; says?: RegExp }> = {
  'confluent-7.9': { recipe: recipe(confluent, tool, jar('7.9.0-ccs')), version: '3.9.2' },
  wurstmeister: {
    recipe: recipe(
      '/usr/bin/start-kafka.sh',
      '/usr/bin/kafka-run-class.sh',
      '/opt/kafka/libs/kafka_2.13-2.7.0.jar',
    ),
    version: '2.7.0',
  },
  'another-line': {
    recipe: recipe(confluent, tool, jar('7.9.0-ccs')),
    version: '2.7.0',
    says: /holds Kafka 3\.9 \(7\.9\.0-ccs\), not 2\.7\.0; give --kafka 3\.9\.0/,
  },
  'apache-4': {
    recipe: recipe('/etc/kafka/docker/run', '/opt/kafka/libs/kafka_2.13-4.0.0.jar'),
    version: '3.9.2',
    says: /it runs brokers on ZooKeeper; Kafka 4\.0 in it knows KRaft only; use confluentinc\/cp-kafka up to 7\.9/,
  },
  'apache-3': {
    recipe: recipe('/etc/kafka/docker/run', '/opt/kafka/libs/kafka_2.13-3.9.2.jar'),
    version: '3.9.2',
    says: /its entry point knows KRaft only/,
  },
  'confluent-8': {
    recipe: recipe(confluent, '/etc/kafka/docker/run', jar('8.0.0-ccs')),
    version: '3.9.2',
    says: /Kafka 4\.0 in it knows KRaft only/,
  },
  'no-kafka': { recipe: recipe(confluent), version: '3.9.2', says: /the release is in the name of kafka_2/ },
  'no-script': {
    recipe: recipe(tool, jar('3.9.2')),
    version: '3.9.2',
    says: /makes server\.properties of KAFKA_/,
  },
  'no-tool': {
    recipe: recipe(confluent, jar('3.9.2')),
    version: '3.9.2',
    says: /kafka-run-class is in its PATH/,
  },
  'no-java': {
    recipe: `${recipe(confluent, tool, jar('3.9.2'))} && rm /usr/bin/java`,
    version: '3.9.2',
    says: /java is in its PATH/,
  },
};
const nameOf = (what: string) => `zk-gauntlet/test-kafka:${what}`;

describe.skipIf(engineHere.missing)(`an image of brokers${skipWithout(engineHere.missing)}`, () => {
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gauntlet-kafka-images-'));
    for (const [what, image] of Object.entries(images)) {
      writeFileSync(join(directory, 'Dockerfile'), `${image.recipe}\n`);
      const context = { directory, files: ['Dockerfile'] };
      const build = { context, dockerfile: 'Dockerfile', args: {}, labels: {}, deadlineMs: 60_000 };
      await buildImage(engine(), { name: nameOf(what), ...build });
    }
    rmSync(directory, { recursive: true });
  }, 180_000);
  afterAll(async () => {
    for (const what of Object.keys(images)) await docker().getImage(nameOf(what)).remove({ force: true });
  }, 60_000);

  test.each(Object.entries(images))(
    'is taken, or refused with the promise it breaks: %s',
    async (what, { version, says }) => {
      const checked = checkKafkaImage(engine(), nameOf(what), version);
      if (says) await expect(checked).rejects.toThrow(says);
      else await expect(checked).resolves.toEqual({ name: nameOf(what), volumes: [] });
      expect(await labelled('image-check')).toEqual([]);
    },
    60_000,
  );
});
