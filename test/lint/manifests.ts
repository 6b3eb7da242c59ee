import { type Edit, swap } from './guide.ts';

/** Three servers of the official image and a broker, as good guides print them. */
export const compose = `x-zookeeper: &zookeeper
  image: zookeeper:3.9.5
  restart: unless-stopped
services:
  zoo1:
    <<: *zookeeper
    environment:
      ZOO_MY_ID: 1
      ZOO_AUTOPURGE_PURGEINTERVAL: 1
      ZOO_SERVERS: server.1=zoo1:2888:3888;2181 server.2=zoo2:2888:3888;2181 server.3=zoo3:2888:3888;2181
  zoo2:
    <<: *zookeeper
    environment:
      ZOO_MY_ID: 2
      ZOO_AUTOPURGE_PURGEINTERVAL: 1
      ZOO_SERVERS: >-
        server.1=zoo1:2888:3888;2181
        server.2=zoo2:2888:3888;2181
        server.3=zoo3:2888:3888;2181
  zoo3:
    <<: *zookeeper
    environment:
      - ZOO_MY_ID=3
      - ZOO_AUTOPURGE_PURGEINTERVAL=1
      - ZOO_SERVERS=server.1=zoo1:2888:3888;2181 server.2=zoo2:2888:3888;2181 server.3=zoo3:2888:3888;2181
    healthcheck:
      test: ["CMD-SHELL", "echo srvr | nc localhost 2181 | grep Mode"]
    volumes:
      - zoo3-data:/data
      - zoo3-log:/datalog
  kafka:
    image: confluentinc/cp-kafka:7.9.1
    environment:
      KAFKA_ZOOKEEPER_CONNECT: zoo1:2181,zoo2:2181,zoo3:2181/kafka
volumes:
  zoo3-data:
  zoo3-log:
`;

export interface SpoiltManifest {
  check: string;
  is: string;
  edit: Edit;
  also?: string[];
}

const lists =
  /server\.1=zoo1:2888:3888;2181(\s+)server\.2=zoo2:2888:3888;2181(\s+)server\.3=zoo3:2888:3888;2181/g;

export const spoiltCompose: readonly SpoiltManifest[] = [
  {
    check: 'servers-in-one-line',
    is: 'commas',
    edit: swap(lists, 'server.1=zoo1:2888:3888,server.2=zoo2:2888:3888,server.3=zoo3:2888:3888'),
  },
  {
    check: 'servers-without-ids',
    is: 'no server.N=',
    edit: swap(lists, 'zoo1:2888:3888 zoo2:2888:3888 zoo3:2888:3888'),
    also: ['id-without-list', 'no-client-port'],
  },
  {
    check: 'no-client-port',
    is: 'no ";2181"',
    edit: swap(lists, 'server.1=zoo1:2888:3888 server.2=zoo2:2888:3888 server.3=zoo3:2888:3888'),
  },
  { check: 'client-port-in-list-of-3.4', is: 'an old image', edit: swap('zookeeper:3.9.5', 'zookeeper:3.4') },
  { check: 'own-wildcard', is: 'in one service', edit: swap('server.1=zoo1:', 'server.1=0.0.0.0:') },
  { check: 'loopback-address', is: 'localhost', edit: swap('server.1=zoo1:', 'server.1=localhost:') },
  { check: 'myid-not-a-number', is: 'a host name', edit: swap('ZOO_MY_ID: 1', 'ZOO_MY_ID: zookeeper-0') },
  {
    check: 'id-taken-twice',
    is: 'the same id',
    edit: swap('ZOO_MY_ID=3', 'ZOO_MY_ID=2'),
    also: ['id-of-another'],
  },
  {
    check: 'id-taken-twice',
    is: 'no id, which is 1',
    edit: swap('      ZOO_MY_ID: 2\n', ''),
    also: ['id-of-another'],
  },
  {
    check: 'id-of-another',
    is: 'ids exchanged',
    edit: swap(/ZOO_MY_ID: 1([\s\S]*)ZOO_MY_ID: 2/, 'ZOO_MY_ID: 2$1ZOO_MY_ID: 1'),
  },
  { check: 'myid-not-in-list', is: '4', edit: swap('ZOO_MY_ID=3', 'ZOO_MY_ID=4') },
  { check: 'unknown-host', is: 'another name', edit: swap(/=zoo3:/g, '=zookeeper3:') },
  {
    check: 'lists-differ',
    is: 'two servers in one',
    edit: swap(';2181 server.3=zoo3:2888:3888;2181', ';2181'),
    also: ['two-voters'],
  },
  { check: 'id-without-list', is: 'no ZOO_SERVERS', edit: swap(/ {6}ZOO_SERVERS: >-\n( {8}.*\n){3}/, '') },
  {
    check: 'limits-differ',
    is: 'ticks',
    edit: swap('ZOO_MY_ID: 2', 'ZOO_MY_ID: 2\n      ZOO_TICK_TIME: 500'),
  },
  {
    check: 'data-dir-shared',
    is: 'one volume',
    edit: swap(
      '    environment:\n      ZOO_MY_ID: 2\n',
      '    volumes: [zoo3-data:/data, zoo2-log:/datalog]\n    environment:\n      ZOO_MY_ID: 2\n',
    ),
  },
  { check: 'foreign-variable', is: 'of Bitnami', edit: swap('ZOO_MY_ID: 1', 'ZOO_SERVER_ID: 1') },
  {
    check: 'unknown-variable',
    is: 'misspelt',
    edit: swap('ZOO_MY_ID: 1', 'ZOO_MY_ID: 1\n      ZOO_TICKTIME: 2000'),
  },
  {
    check: 'quotes-in-variable',
    is: 'in a list',
    edit: swap(/ZOO_SERVERS=(.*)/, 'ZOO_SERVERS="$1"'),
    also: ['server-line-form'],
  },
  {
    check: 'variables-without-effect',
    is: 'a mounted zoo.cfg',
    edit: swap('zoo3-log:/datalog', './zoo.cfg:/conf/zoo.cfg'),
  },
  { check: 'logs-not-kept', is: '/data alone', edit: swap('      - zoo3-log:/datalog\n', '') },
  { check: 'probe-refused', is: 'ruok', edit: swap('echo srvr', 'echo ruok') },
  {
    check: 'not-a-number',
    is: 'an empty variable',
    edit: swap('ZOO_MY_ID: 1', 'ZOO_MY_ID: 1\n      ZOO_TICK_TIME: ""'),
  },
  { check: 'autopurge-forgotten', is: "the image's own 0", edit: swap(/ {6}ZOO_AUTOPURGE.*\n/, '') },
  {
    check: 'kraft-image-with-zookeeper',
    is: 'apache/kafka',
    edit: swap('confluentinc/cp-kafka:7.9.1', 'apache/kafka:3.9.0'),
  },
  { check: 'kraft-image-with-zookeeper', is: 'cp-kafka 8', edit: swap('cp-kafka:7.9.1', 'cp-kafka:8.0.0') },
  { check: 'chroot-not-last', is: 'behind each server', edit: swap('zoo1:2181,', 'zoo1:2181/kafka,') },
];

/** A StatefulSet of three with everything it needs, and one of three brokers. */
export const kubernetes = `apiVersion: v1
kind: Service
metadata:
  name: zk-hs
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector: { app: zk }
  ports:
    - { name: quorum, port: 2888 }
    - { name: election, port: 3888 }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: zk-pdb
spec:
  maxUnavailable: 1
  selector:
    matchLabels: { app: zk }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: zk-env
data:
  ZOO_AUTOPURGE_PURGEINTERVAL: "1"
  ZOO_SERVERS: |
    server.1=zk-0.zk-hs:2888:3888;2181
    server.2=zk-1.zk-hs:2888:3888;2181
    server.3=zk-2.zk-hs:2888:3888;2181
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: zk
spec:
  serviceName: zk-hs
  replicas: 3
  podManagementPolicy: Parallel
  selector:
    matchLabels: { app: zk }
  template:
    metadata:
      labels: { app: zk }
    spec:
      containers:
        - name: zookeeper
          image: zookeeper:3.9.5
          command:
            - bash
            - -c
            - ZOO_MY_ID=$(($(hostname | sed s/.*-//)+1)) exec /docker-entrypoint.sh zkServer.sh start-foreground
          envFrom:
            - configMapRef: { name: zk-env }
          env:
            - name: ZOO_TICK_TIME
              value: "2000"
          readinessProbe:
            exec:
              command: [bash, -c, "echo srvr | nc localhost 2181 | grep Mode"]
          volumeMounts:
            - { name: data, mountPath: /data }
            - { name: log, mountPath: /datalog }
  volumeClaimTemplates:
    - metadata: { name: data }
    - metadata: { name: log }
---
apiVersion: v1
kind: Service
metadata:
  name: kafka
spec:
  selector: { app: kafka }
  ports:
    - { name: broker, port: 9092 }
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: broker
spec:
  serviceName: kafka
  replicas: 3
  selector:
    matchLabels: { app: kafka }
  template:
    metadata:
      labels: { app: kafka }
    spec:
      enableServiceLinks: false
      containers:
        - name: kafka
          image: confluentinc/cp-kafka:7.9.1
          command: [bash, -c, 'export KAFKA_BROKER_ID=$((\${HOSTNAME##*-}+1)); exec /etc/confluent/docker/run']
          env:
            - name: KAFKA_ZOOKEEPER_CONNECT
              value: zk-0.zk-hs:2181,zk-1.zk-hs:2181,zk-2.zk-hs:2181/kafka
            - name: KAFKA_LOG_DIRS
              value: /var/lib/kafka/data/logs
          volumeMounts:
            - { name: data, mountPath: /var/lib/kafka/data }
  volumeClaimTemplates:
    - metadata: { name: data }
`;

/** Without its command the pod has the id its variables give it. */
const idFrom =
  (source: string): Edit =>
  (text) =>
    swap(
      '          env:\n',
      `          env:\n            - name: ZOO_MY_ID\n              ${source}\n`,
    )(swap(/ {10}command:\n( {12}-.*\n){3}/, '')(text));

export const spoiltKubernetes: readonly SpoiltManifest[] = [
  {
    check: 'pod-name-as-id',
    is: 'metadata.name',
    edit: idFrom('valueFrom: { fieldRef: { fieldPath: metadata.name } }'),
  },
  { check: 'id-taken-twice', is: 'one id for all pods', edit: idFrom('value: "1"'), also: ['id-of-another'] },
  {
    check: 'myid-not-in-list',
    is: 'the index, which begins with 0',
    edit: idFrom(
      'valueFrom: { fieldRef: { fieldPath: "metadata.labels[\'apps.kubernetes.io/pod-index\']" } }',
    ),
    also: ['id-of-another'],
  },
  { check: 'replicas-without-list', is: 'no ZOO_SERVERS', edit: swap(/ {2}ZOO_SERVERS[\s\S]*?---/, '---') },
  { check: 'pod-not-in-list', is: 'five replicas', edit: swap('replicas: 3', 'replicas: 5') },
  { check: 'unknown-host', is: 'two replicas', edit: swap('replicas: 3', 'replicas: 2') },
  {
    check: 'unknown-host',
    is: 'names without the Service',
    edit: swap(/zk-(\d)\.zk-hs/, 'zk-$1'),
    also: ['pod-not-in-list'],
  },
  { check: 'service-not-headless', is: 'a cluster IP', edit: swap('  clusterIP: None\n', '') },
  {
    check: 'service-not-headless',
    is: 'another Service',
    edit: swap('serviceName: zk-hs', 'serviceName: zk'),
  },
  { check: 'pods-hidden', is: 'only when ready', edit: swap('  publishNotReadyAddresses: true\n', '') },
  { check: 'storage-ends-with-pod', is: 'no mounts', edit: swap(/ {10}volumeMounts:\n( {12}-.*\n){2}/, '') },
  {
    check: 'logs-not-kept',
    is: 'one mount',
    edit: swap('            - { name: log, mountPath: /datalog }\n', ''),
  },
  { check: 'budget-breaks-quorum', is: 'two at once', edit: swap('maxUnavailable: 1', 'maxUnavailable: 2') },
  { check: 'budget-breaks-quorum', is: 'half', edit: swap('maxUnavailable: 1', 'maxUnavailable: 50%') },
  { check: 'budget-breaks-quorum', is: 'one must stay', edit: swap('maxUnavailable: 1', 'minAvailable: 1') },
  { check: 'probe-refused', is: 'ruok', edit: swap('echo srvr', 'echo ruok') },
  { check: 'no-client-port', is: 'no ";2181"', edit: swap(/;2181/g, '') },
  {
    check: 'quorum-before-second-pod',
    is: 'no policy',
    edit: swap('  podManagementPolicy: Parallel\n', ''),
  },
  { check: 'service-called-kafka', is: 'links', edit: swap('      enableServiceLinks: false\n', '') },
  { check: 'logs-at-root-of-volume', is: 'the mount itself', edit: swap('data/logs', 'data/') },
  {
    check: 'logs-at-root-of-volume',
    is: "the image's own place",
    edit: swap(/ {12}- name: KAFKA_LOG_DIRS\n.*\n/, ''),
  },
  {
    check: 'broker-id-of-all',
    is: 'a number',
    edit: (text) =>
      swap(
        '            - name: KAFKA_ZOOKEEPER_CONNECT',
        '            - { name: KAFKA_BROKER_ID, value: "1" }\n            - name: KAFKA_ZOOKEEPER_CONNECT',
      )(swap(/ {10}command: \[bash, -c, 'export KAFKA.*\n/, '')(text)),
  },
  { check: 'chroot-not-last', is: 'of a pod', edit: swap('zk-0.zk-hs:2181,', 'zk-0.zk-hs:2181/kafka,') },
  { check: 'kraft-image-with-zookeeper', is: 'in a pod', edit: swap('cp-kafka:7.9.1', 'cp-kafka:8.0.0') },
];
