import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kubernetesManifest } from '../../harness/topology/kubernetes.ts';
import { parseLayers } from '../../harness/topology/notation.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { gauntlet } from '../support/gauntlet.ts';
import { type Manifest, wrongBySchema } from '../support/kubernetes-schema.ts';

const file = 'compose/kubernetes/3-voters-3-brokers.yml';
const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
const committed = readFileSync(path, 'utf8');

const made = (words: string) =>
  kubernetesManifest(resolveTopology(parseLayers(words.split(' ')).topology, '3.9.5', '3.9.2'), {});
const objectsIn = (text: string) =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest & Record<string, unknown>);

describe(file, () => {
  test('is what its topology makes', () => {
    expect(committed, `run \`npx gauntlet compose kubernetes 3 > ${file}\``).toBe(made('kubernetes 3'));
  });

  test('fits the schema of Kubernetes', () => {
    const objects = objectsIn(committed);
    expect(objects.map(({ kind }) => kind)).toEqual([
      ...['Service', 'PodDisruptionBudget', 'StatefulSet', 'Service'],
      ...['Service', 'PodDisruptionBudget', 'StatefulSet'],
    ]);
    expect(objects.flatMap(wrongBySchema)).toEqual([]);
  });

  test('is clean to the linter, and printed by the command', async () => {
    const linted = await gauntlet(['lint', path]);
    expect(linted.code, linted.output).toBe(0);
    expect(linted.output).toContain('3 servers: no problems');
    const printed = await gauntlet(['compose', 'kubernetes', '3']);
    expect({ code: printed.code, stdout: printed.stdout }).toEqual({ code: 0, stdout: committed });
  });
});

test.each([
  [
    'a misspelt field',
    'publishNotReadyAddresses',
    'publishNotReadyAdresses',
    /publishNotReadyAdresses is no field/,
  ],
  [
    'a field at the wrong place',
    'serviceName: zk',
    'clusterIP: zk',
    /spec\.clusterIP is no field|serviceName/,
  ],
  ['a word for a number', 'replicas: 3', 'replicas: three', /replicas/],
  ['a label that is no text', 'name: zk\nspec', 'name: 5\nspec', /labels/],
  [
    'an object without its kind',
    'kind: StatefulSet',
    'kind: StatefulSets',
    /no schema for kind StatefulSets/,
  ],
])('the schema names %s', (_, right, wrong, message) => {
  expect(committed).toContain(right);
  const found = objectsIn(committed.replace(right, wrong)).flatMap(wrongBySchema);
  expect(found.join('\n')).toMatch(message);
});

test('settings of the topology win over those for clusters, and a layer of five has five of each', () => {
  const input = { voters: 5, settings: { tickTime: 3000 }, kafka: { brokers: 5, chroot: '/k' } };
  const text = kubernetesManifest(resolveTopology(input, '3.9.5'), {
    image: 'my/zk:1',
    kafkaImage: 'my/kafka:1',
  });
  expect(text).toContain('name: ZOO_TICK_TIME\n              value: "3000"');
  expect(text.match(/replicas: 5/g)).toHaveLength(2);
  expect(text).toContain('server.5=zk-4.zk:2888:3888;2181');
  expect(text).toContain('zk-4.zk:2181/k');
  expect(text).toContain('image: my/zk:1');
  expect(text).toContain('image: my/kafka:1');
});

test('ids come from the ordinal of the pod, not from the topology', () => {
  expect(committed).not.toMatch(/name: (ZOO_MY_ID|KAFKA_BROKER_ID)/);
});
