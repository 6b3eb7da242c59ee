import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../harness/base/package-root.ts';
import { checks } from '../../harness/lint/catalogue.ts';
import { swap } from './guide.ts';
import { idsIn, linted } from './linted.ts';

const manifest = readFileSync(join(packageRoot, 'compose/kubernetes/3-voters-3-brokers.yml'), 'utf8');
const page = readFileSync(join(packageRoot, 'docs/kubernetes.md'), 'utf8');
const id = (variable: string) => new RegExp(`export ${variable}=[^;]*; `);
const oneId = '- name: POD_NAME';

/** What manifests that circulate get wrong, done to ours. */
const mistakes: { check: string; edit: (text: string) => string; also?: string[] }[] = [
  {
    check: 'pod-name-as-id',
    edit: (text) => swap(oneId, '- name: ZOO_MY_ID')(swap(id('ZOO_MY_ID'), '')(text)),
  },
  { check: 'replicas-without-list', edit: swap(/ {12}- name: ZOO_SERVERS\n.*\n/, '') },
  { check: 'pod-not-in-list', edit: swap('replicas: 3', 'replicas: 5') },
  { check: 'service-not-headless', edit: swap('  clusterIP: None\n', '') },
  { check: 'pods-hidden', edit: swap('  publishNotReadyAddresses: true\n', '') },
  { check: 'quorum-before-second-pod', edit: swap('  podManagementPolicy: Parallel\n', '') },
  { check: 'probe-refused', edit: swap('echo srvr', 'echo ruok') },
  {
    check: 'storage-ends-with-pod',
    edit: swap(/ {10}volumeMounts:\n {12}- name: data\n.*\n {12}- name: datalog\n.*\n/, ''),
  },
  { check: 'logs-not-kept', edit: swap(/ {12}- name: datalog\n {14}mountPath.*\n/, '') },
  { check: 'budget-breaks-quorum', edit: swap('maxUnavailable: 1', 'maxUnavailable: 2') },
  { check: 'foreign-variable', edit: swap('ZOO_TICK_TIME', 'ZOO_SERVER_ID') },
  {
    check: 'loopback-address',
    edit: swap('server.1=zk-0.zk:', 'server.1=localhost:'),
    also: ['pod-not-in-list'],
  },
  { check: 'kraft-image-with-zookeeper', edit: swap('cp-kafka:7.9.0', 'cp-kafka:8.0.0') },
  { check: 'chroot-not-last', edit: swap('zk-0.zk:2181,', 'zk-0.zk:2181/kafka,') },
  {
    check: 'service-called-kafka',
    edit: (text) =>
      text
        .replaceAll('      enableServiceLinks: false\n', '')
        .replace(/(name: kafka\n[\s\S]*?) {2}clusterIP: None\n/, '$1'),
  },
  { check: 'logs-at-root-of-volume', edit: swap('/var/lib/kafka/data/logs', '/var/lib/kafka/data') },
  {
    check: 'broker-id-of-all',
    edit: (text) =>
      text
        .replace(id('KAFKA_BROKER_ID'), '')
        .replace(
          '- name: KAFKA_LISTENERS',
          '- name: KAFKA_BROKER_ID\n              value: "1"\n            - name: KAFKA_LISTENERS',
        ),
  },
];

test.each(mistakes)('$check is found in the manifest here once it is made', ({ check, edit, also = [] }) => {
  expect(idsIn(linted({ 'k.yml': manifest }))).toEqual([]);
  expect(idsIn(linted({ 'k.yml': edit(manifest) }))).toEqual([check, ...also].sort());
});

test('docs/kubernetes.md names checks that there are, and every one that is tried here', () => {
  const named = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| mistake'))
    .flatMap((line) =>
      [
        ...line
          .split('|')
          .at(-2)!
          .matchAll(/`([\w-]+)`/g),
      ].map(([, name]) => name!),
    );
  const ids = checks.map(({ id }) => id);
  expect(named.filter((name) => !ids.includes(name))).toEqual([]);
  expect(mistakes.map(({ check }) => check).filter((check) => !named.includes(check))).toEqual([]);
});
