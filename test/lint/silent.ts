import { add, both, guide, list, swap, withoutList } from './guide.ts';
import type { Spoilt } from './spoilt.ts';

/** Mistakes in one zoo.cfg with which a server starts all the same; scenes/ shows what comes of them. */
export const silent: readonly Omit<Spoilt, 'server'>[] = [
  { check: 'key-twice', is: 'two ports', edit: add('clientPort=2182') },
  { check: 'misspelt-key', is: 'a letter lost', edit: add('maxClientCnxn=60') },
  { check: 'misspelt-key', is: 'a capital lost', edit: add('autopurge.purgeinterval=1') },
  {
    check: 'misspelt-key',
    is: 'a dot lost',
    edit: list('zoo1:2888:3888', 'zoo2:2888:3888', 'server3=zoo3:2888:3888'),
    also: ['two-voters'],
  },
  { check: 'prefixed-key', is: 'whitelist', edit: add('zookeeper.4lw.commands.whitelist=*') },
  { check: 'jvm-flag-in-zoo-cfg', is: 'jute.maxbuffer', edit: add('jute.maxbuffer=4194304') },
  { check: 'autopurge-forgotten', is: 'no word', edit: swap(/autopurge.*\n/, '') },
  {
    check: 'servers-without-ids',
    is: 'a plain list',
    edit: both(withoutList, add('zoo1:2888:3888', 'zoo2:2888:3888', 'zoo3:2888:3888')),
  },
  {
    check: 'ports-swapped',
    is: 'in all lines',
    edit: list('zoo1:3888:2888', 'zoo2:3888:2888', 'zoo3:3888:2888'),
  },
  { check: 'server-twice', is: 'server.2', edit: add('server.2=zoo4:2888:3888') },
  { check: 'address-twice', is: 'zoo1 again', edit: swap('zoo2:2888:3888', 'zoo1:2888:3888') },
  {
    check: 'address-twice',
    is: 'one machine, one port',
    edit: list('localhost:2888:3888', 'localhost:2888:3889', 'localhost:2890:3890'),
  },
  { check: 'wildcard-address', is: 'of another', edit: swap('zoo2:2888', '0.0.0.0:2888') },
  { check: 'own-wildcard', is: 'with 3.9.5', edit: swap('zoo1:2888', '0.0.0.0:2888') },
  {
    check: 'own-wildcard-unreachable',
    is: 'with 3.5.7',
    edit: swap('zoo1:2888', '0.0.0.0:2888'),
    release: '3.5.7',
  },
  {
    check: 'own-wildcard-unreachable',
    is: 'with reconfig',
    edit: both(swap('zoo1:2888', '0.0.0.0:2888'), add('reconfigEnabled=true')),
  },
  { check: 'loopback-address', is: 'its own', edit: swap('zoo1:2888', 'localhost:2888') },
  { check: 'no-client-port', is: 'none at all', edit: swap(/clientPort=.*\n/, '') },
  {
    check: 'no-weight',
    is: 'all 0',
    edit: add('group.1=1:2:3', 'weight.1=0', 'weight.2=0', 'weight.3=0'),
  },
  { check: 'id-without-list', is: 'id 2', edit: withoutList, myid: '2\n' },
];

/** Files that are wrong only side by side. */
export const sideBySide: readonly {
  check: string;
  is: string;
  also?: string[];
  files: Record<string, string>;
}[] = [
  {
    check: 'lists-differ',
    is: 'three and five',
    files: ensemble({
      3: swap(
        'server.3=zoo3:2888:3888\n',
        'server.3=zoo3:2888:3888\nserver.4=zoo4:2888:3888\nserver.5=zoo5:2888:3888\n',
      ),
    }),
  },
  {
    check: 'lists-differ',
    is: 'an observer for one of them',
    files: ensemble({ 2: swap('zoo3:2888:3888', 'zoo3:2888:3888:observer') }),
    also: ['two-voters'],
  },
  { check: 'limits-differ', is: 'ticks', files: ensemble({ 2: swap('tickTime=2000', 'tickTime=200') }) },
  { check: 'id-taken-twice', is: 'two of three', files: { ...ensemble({}), 'zk3/myid': '2\n' } },
  {
    check: 'data-dir-shared',
    is: 'three servers on one machine',
    files: pseudo((cfg, sid) => cfg.replace('clientPort=2181', `clientPort=218${sid}`)),
  },
  {
    check: 'client-port-shared',
    is: 'three servers on one machine',
    files: pseudo((cfg, sid) => cfg.replace('/var/lib/zookeeper', `/var/lib/zookeeper/${sid}`)),
  },
];

/** Three correct servers, each file spoilt as told. */
export function ensemble(edits: Record<number, (cfg: string) => string>): Record<string, string> {
  return Object.fromEntries(
    [1, 2, 3].flatMap((sid) => [
      [`zk${sid}/zoo.cfg`, (edits[sid] ?? ((cfg) => cfg))(guide)],
      [`zk${sid}/myid`, `${sid}\n`],
    ]),
  );
}

export function pseudo(edit: (cfg: string, sid: number) => string): Record<string, string> {
  const local = list('localhost:2888:3888', 'localhost:2889:3889', 'localhost:2890:3890');
  return ensemble(Object.fromEntries([1, 2, 3].map((sid) => [sid, (cfg: string) => edit(local(cfg), sid)])));
}
