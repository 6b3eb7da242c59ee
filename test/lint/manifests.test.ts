import { describe, expect, test } from 'vitest';
import { composeFile } from '../../harness/topology/compose-file.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';
import { diskOf, idsIn, linted } from './linted.ts';
import { compose, kubernetes, spoiltCompose, spoiltKubernetes } from './manifests.ts';

describe('a compose file', () => {
  test.each(spoiltCompose)('$check: $is', ({ check, also = [], edit }) => {
    expect(idsIn(linted({ 'compose.yml': edit(compose) }))).toEqual([check, ...also].sort());
  });

  test('that is right is clean', () => {
    const { problems, servers } = linted({ 'compose.yml': compose });
    expect(problems).toEqual([]);
    expect(servers.map(({ name, ensemble }) => [name, ensemble.length])).toEqual([
      ['service zoo1', 3],
      ['service zoo2', 3],
      ['service zoo3', 3],
    ]);
  });

  test('has its problems where the words stand, in blocks and in lists', () => {
    const spoilt = compose
      .replace('        server.2=zoo2:2888:3888', '        server.2=zoo2:2888')
      .replace('ZOO_MY_ID=3', 'ZOO_MY_ID=three');
    const lines = spoilt.split('\n');
    expect(
      linted({ 'compose.yml': spoilt }).problems.map(({ check, line }) => [check, lines[line - 1]!.trim()]),
    ).toEqual([
      ['server-line-form', 'server.2=zoo2:2888;2181'],
      ['myid-not-a-number', '- ZOO_MY_ID=three'],
    ]);
  });

  test('leaves open what a shell or a file sets, except for a default', () => {
    const open = compose
      .replace('ZOO_MY_ID: 1', 'ZOO_MY_ID: $ID')
      .replace('ZOO_MY_ID: 2', `ZOO_MY_ID: \${ID:-2}`);
    expect(idsIn(linted({ 'compose.yml': open }))).toEqual([]);
    const shell = compose.replace(/ZOO_SERVERS: server.*/, 'ZOO_SERVERS: $SERVERS');
    expect(idsIn(linted({ 'compose.yml': shell }))).toEqual([]);
    const file = compose
      .replace('      ZOO_MY_ID: 1\n', '')
      .replace('    environment:', '    env_file: .env\n    environment:');
    expect(idsIn(linted({ 'compose.yml': file }))).toEqual([]);
  });

  test('reads a mounted zoo.cfg that lies beside it', () => {
    const spoilt = compose
      .replace('zoo3-log:/datalog', './zoo.cfg:/conf/zoo.cfg')
      .replace(/ {6}- ZOO_(SERVERS|AUTO).*\n/g, '');
    const disk = diskOf({ 'deploy/zoo.cfg': 'dataDir=/data\ntickTime=2s\n' });
    const report = linted({ 'deploy/compose.yml': spoilt }, { disk });
    // The two others list it, and it lists nobody, and has no port.
    expect(idsIn(report)).toEqual(['id-without-list', 'no-client-port', 'not-a-number']);
    expect(report.problems).toContainEqual(
      expect.objectContaining({ check: 'not-a-number', file: 'deploy/zoo.cfg', line: 2 }),
    );
  });

  test('of one of several machines has hosts that are not its services', () => {
    const remote = compose.replace(/ {2}zoo2:[\s\S]*volumes:\n {2}zoo3/, 'volumes:\n  zoo3');
    expect(
      idsIn(linted({ 'compose.yml': remote.replaceAll(/zoo([123]):2888/g, 'zoo$1.example.com:2888') })),
    ).toEqual([]);
  });

  test('and another one with services of the same names are two ensembles', () => {
    const five = composeFile(resolveTopology({ voters: 5 }, '3.9.5'), {
      firstPort: 2181,
      firstBrokerPort: 9092,
    });
    const three = composeFile(resolveTopology({ voters: 3 }, '3.8.6'), {
      firstPort: 2181,
      firstBrokerPort: 9092,
    });
    expect(idsIn(linted({ 'five.yml': five, 'three.yml': three }))).toEqual([]);
  });

  test('names the servers it cannot read', () => {
    const others = `${compose}x: 1\n`.replace(
      '  kafka:',
      '  old:\n    image: bitnami/zookeeper:3.9\n  own:\n    image: zookeeper\n    entrypoint: /run.sh\n  kafka:',
    );
    expect(linted({ 'compose.yml': others })).toMatchObject({
      problems: [],
      skipped: [
        'service old (bitnami/zookeeper:3.9)',
        'service own (its zoo.cfg or its entry point is not in these files)',
      ],
    });
    expect(() => linted({ 'c.yml': 'services: {zk: {image: bitnami/zookeeper}}' })).toThrow(
      'not read: service zk (bitnami/zookeeper)',
    );
  });

  test('with single servers that have nothing to do with each other is clean', () => {
    const dev = 'services:\n  a:\n    image: zookeeper\n  b:\n    image: docker.io/library/zookeeper:3.8\n';
    expect(idsIn(linted({ 'compose.yml': dev }))).toEqual([]);
  });
});

describe('Kubernetes manifests', () => {
  test.each(spoiltKubernetes)('$check: $is', ({ check, also = [], edit }) => {
    expect(idsIn(linted({ 'zk.yaml': edit(kubernetes) }))).toEqual([check, ...also].sort());
  });

  test('that are right are clean, in one file or in several', () => {
    expect(linted({ 'zk.yaml': kubernetes }).problems).toEqual([]);
    const parts = kubernetes.split('---\n').map((text, i) => [`${i}.yaml`, text]);
    expect(linted(Object.fromEntries(parts)).problems).toEqual([]);
  });

  test('with the pod index as id and a list that begins with server.0 are clean', () => {
    const indexed = spoiltKubernetes.find(({ is }) => is.startsWith('the index'))!.edit(kubernetes);
    const shifted = indexed.replaceAll(/server\.(\d)=/g, (_, n: string) => `server.${Number(n) - 1}=`);
    expect(idsIn(linted({ 'zk.yaml': shifted }))).toEqual([]);
  });

  test('with a zoo.cfg in a ConfigMap have their problems on its lines', () => {
    const cfg = ['tickTime=2000', 'initLimit=10 # ticks', 'syncLimit=5', 'dataDir=/data', 'clientPort=2181']
      .concat([0, 1, 2].map((i) => `server.${i + 1}=zk-${i}.zk-hs.prod.svc.cluster.local:2888:3888`))
      .map((line) => `    ${line}\n`)
      .join('');
    const mounted = kubernetes
      .replace(/ {2}ZOO_AUTOPURGE[\s\S]*?---/, `  zoo.cfg: |\n${cfg}---`)
      .replace('- { name: log, mountPath: /datalog }', '- { name: conf, mountPath: /conf }')
      .replace(
        '      containers:',
        '      volumes:\n        - { name: conf, configMap: { name: zk-env } }\n      containers:',
      )
      .replace(/ {10}envFrom:[\s\S]*?readiness/, '          readiness');
    const { problems, servers } = linted({ 'zk.yaml': mounted });
    expect(servers).toHaveLength(3);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        check: 'comment-after-value',
        line: mounted.split('\n').findIndex((line) => line.includes('# ticks')) + 1,
      },
    ]);
  });

  test('of somebody else beside them are left alone', () => {
    const web =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: nginx}]}}}\n';
    expect(linted({ 'zk.yaml': kubernetes, 'web.yaml': web }).problems).toEqual([]);
  });
});
