import { add, both, type Edit, list, listOf, swap, withoutList } from './guide.ts';

/** A zoo.cfg of server 1 with one mistake, what `lint` calls it, and what a real server does with it. */
export interface Spoilt {
  check: string;
  is: string;
  edit?: Edit;
  /** Text of myid; null for none. "1\n" when absent. */
  myid?: string | null;
  /** Release of the server; 3.9.5 when absent. */
  release?: string;
  /** Other checks that rightly speak as well. */
  also?: string[];
  /** A line of its log, and its exit code; without one it goes on. */
  server: { says: RegExp; exit?: number };
}

const refuses = (says: RegExp, exit = 2): Spoilt['server'] => ({ says, exit });
const wrongForm = refuses(/does not have the form server_config/);
const noId = (is: string, myid: string, says: RegExp): Spoilt => ({
  check: 'myid-not-a-number',
  is,
  myid,
  server: refuses(says),
});

/** One server is enough to show these. What takes more is in scenes.ts. */
export const spoilt: readonly Spoilt[] = [
  {
    check: 'comment-after-value',
    is: 'behind a number',
    edit: swap('tickTime=2000', 'tickTime=2000 # two seconds'),
    server: refuses(/NumberFormatException: For input string: "2000 # two seconds"/),
  },
  {
    check: 'comment-after-value',
    is: 'behind dataDir',
    edit: swap('/var/lib/zookeeper', '/var/lib/zookeeper # here'),
    server: refuses(/myid file is missing/),
  },
  {
    check: 'comment-after-value',
    is: 'behind a server',
    edit: swap('zoo1:2888:3888', 'zoo1:2888:3888 # the first'),
    server: refuses(/Address unresolved: .*3888 # the first/),
  },
  {
    check: 'not-a-number',
    is: 'with a unit',
    edit: swap('tickTime=2000', 'tickTime=2s'),
    server: refuses(/NumberFormatException: For input string: "2s"/),
  },
  {
    check: 'not-a-number',
    is: 'nothing',
    edit: add('maxClientCnxns='),
    server: refuses(/NumberFormatException: For input string: ""/),
  },
  {
    check: 'not-a-boolean',
    is: 'yes',
    edit: add('quorumListenOnAllIPs=yes'),
    server: refuses(/Invalid option yes for quorumListenOnAllIPs/),
  },
  {
    check: 'data-dir-missing',
    is: 'without dataDir',
    edit: swap(/dataDir=.*\n/, ''),
    server: refuses(/dataDir is not set/),
  },
  {
    check: 'relative-directory',
    is: 'data',
    edit: swap('/var/lib/zookeeper', 'data'),
    myid: null,
    server: refuses(/data is relative. Prepend .\/ to indicate/),
  },
  {
    check: 'limit-missing',
    is: 'initLimit',
    edit: swap(/initLimit=.*\n/, ''),
    server: refuses(/initLimit is not set/),
  },
  {
    check: 'limit-missing',
    is: 'syncLimit',
    edit: swap(/syncLimit=.*\n/, ''),
    server: refuses(/syncLimit is not set/),
  },
  {
    check: 'tick-time',
    is: 'nought',
    edit: swap('tickTime=2000', 'tickTime=0'),
    server: refuses(/tickTime is not set/),
  },
  {
    check: 'tick-time',
    is: 'negative',
    edit: swap('tickTime=2000', 'tickTime=-5'),
    server: refuses(/minSessionTimeout must not be larger/),
  },
  {
    check: 'session-timeouts-crossed',
    is: 'above twenty ticks',
    edit: add('minSessionTimeout=60000'),
    server: refuses(/minSessionTimeout must not be larger than maxSessionTimeout/),
  },
  {
    check: 'session-timeouts-crossed',
    is: 'without a maximum, in 3.4',
    edit: add('minSessionTimeout=5000'),
    release: '3.4.14',
    server: refuses(/minSessionTimeout must not be larger than maxSessionTimeout/),
  },
  {
    check: 'snapshots-below-three',
    is: 'one',
    edit: add('autopurge.snapRetainCount=1'),
    server: { says: /Invalid autopurge.snapRetainCount: 1. Defaulting to 3/ },
  },
  {
    check: 'servers-beside-dynamic-file',
    is: 'a list in both',
    edit: add('dynamicConfigFile=/var/lib/zookeeper/zoo.cfg.dynamic'),
    server: refuses(/must be in a separate dynamic config file/),
  },
  {
    check: 'standalone-off-alone',
    is: 'no list',
    edit: both(withoutList, add('standaloneEnabled=false')),
    server: refuses(/number of participants should be >0/),
  },
  {
    check: 'old-election-algorithm',
    is: '0',
    edit: add('electionAlg=0'),
    server: refuses(/Only 3 is supported/),
  },
  {
    check: 'servers-in-one-line',
    is: 'with commas',
    edit: list('server.1=zoo1:2888:3888,server.2=zoo2:2888:3888,server.3=zoo3:2888:3888'),
    server: wrongForm,
  },
  {
    check: 'servers-in-one-line',
    is: 'with semicolons',
    edit: list('server.1=zoo1:2888:3888;2181,zoo2:2888:3888;2181'),
    server: wrongForm,
  },
  {
    check: 'server-line-form',
    is: 'no election port',
    edit: swap('zoo2:2888:3888', 'zoo2:2888'),
    server: wrongForm,
  },
  {
    check: 'server-line-form',
    is: 'a port of letters',
    edit: swap('zoo1:2888:3888', 'zoo1:2888:e888'),
    server: refuses(/Address unresolved: .*:e888/),
  },
  {
    check: 'server-line-form',
    is: 'a port out of range',
    edit: swap('zoo1:2888:3888', 'zoo1:2888:99999'),
    server: refuses(/port out of range:99999/),
  },
  {
    check: 'server-line-form',
    is: 'an unknown type',
    edit: swap('zoo3:2888:3888', 'zoo3:2888:3888:observr'),
    server: refuses(/Unrecognised peertype: observr/),
  },
  {
    check: 'server-line-form',
    is: 'a name for an id',
    edit: swap('server.1=', 'server.one='),
    server: refuses(/NumberFormatException: For input string: "one"/),
  },
  {
    check: 'server-line-form',
    is: 'an IPv6 address without brackets',
    edit: swap('zoo1:2888', 'fd00::1:2888'),
    server: wrongForm,
  },
  {
    check: 'client-port-in-list-of-3.4',
    is: '";2181"',
    edit: swap('zoo1:2888:3888', 'zoo1:2888:3888;2181'),
    release: '3.4.14',
    server: refuses(/NumberFormatException: For input string: "3888;2181"/),
  },
  {
    check: 'several-addresses',
    is: 'switched on in zoo.cfg',
    edit: both(swap('zoo1:2888:3888', 'zoo1:2888:3888|zoo9:2888:3888'), add('multiAddress.enabled=true')),
    server: refuses(/Multiple address feature is disabled/),
  },
  {
    check: 'one-port-for-two',
    is: '2888 twice',
    edit: swap('zoo1:2888:3888', 'zoo1:2888:2888'),
    server: refuses(/Client and election port must be different!/),
  },
  {
    check: 'even-voters',
    is: 'four',
    edit: listOf(4),
    server: { says: /Non-optimal configuration, consider an odd number of servers/ },
  },
  {
    check: 'two-voters',
    is: 'two',
    edit: listOf(2),
    server: { says: /No server failure will be tolerated/ },
  },
  {
    check: 'observers-without-quorum',
    is: 'beside one voter',
    edit: list('zoo1:2888:3888', 'zoo2:2888:3888:observer'),
    server: refuses(/Observers w\/o quorum is an invalid configuration/),
  },
  {
    check: 'observers-without-quorum',
    is: 'alone',
    edit: list('zoo1:2888:3888:observer', 'zoo2:2888:3888:observer'),
    server: refuses(/Observers w\/o participants is an invalid configuration/),
  },
  {
    check: 'peer-type-unknown',
    is: 'misspelt',
    edit: add('peerType=observr'),
    server: refuses(/Unrecognised peertype: observr/),
  },
  {
    check: 'peer-type-not-in-list',
    is: 'only in zoo.cfg',
    edit: add('peerType=observer'),
    server: { says: /Peer type from servers list \(PARTICIPANT\) doesn't match peerType \(OBSERVER\)/ },
  },
  {
    check: 'no-client-port',
    is: 'in 3.4',
    edit: swap(/clientPort=.*\n/, ''),
    release: '3.4.14',
    server: refuses(/clientPort is not set/),
  },
  {
    check: 'client-port-differs',
    is: '2181 and 2182',
    edit: swap('zoo1:2888:3888', 'zoo1:2888:3888;2182'),
    server: refuses(/client address for this server \(id = 1\) in static config file is .* is different/),
  },
  {
    check: 'client-port-taken',
    is: 'the election port',
    edit: swap('clientPort=2181', 'clientPort=3888'),
    server: refuses(/BindException: Address already in use/, 14),
  },
  {
    check: 'voter-without-group',
    is: 'one left out',
    edit: add('group.1=1:2'),
    server: refuses(/Server 3is not in a group/),
  },
  {
    check: 'voter-without-group',
    is: 'a weight alone',
    edit: add('weight.1=2'),
    server: refuses(/Server \dis not in a group/),
  },
  {
    check: 'voter-in-two-groups',
    is: 'one named twice',
    edit: add('group.1=1:2', 'group.2=2:3'),
    server: refuses(/Server 2is in multiple groups/),
  },
  {
    check: 'group-of-strangers',
    is: 'a server that is not there',
    edit: add('group.1=1:2:3:4'),
    server: refuses(/NullPointerException/, 1),
  },
  {
    check: 'group-of-strangers',
    is: 'an observer',
    edit: add('server.4=zoo4:2888:3888:observer', 'group.1=1:2:3:4'),
    server: refuses(/NullPointerException/, 1),
  },
  {
    check: 'group-form',
    is: 'with commas',
    edit: add('group.1=1,2,3'),
    server: refuses(/NumberFormatException: For input string: "1,2,3"/),
  },
  { check: 'myid-missing', is: 'nowhere', myid: null, server: refuses(/myid file is missing/) },
  noId('a blank line first', '\n1\n', /serverid {2}is not a number/),
  noId('a blank before it', ' 1\n', /serverid {2}1 is not a number/),
  noId('a name', 'zookeeper-0\n', /serverid zookeeper-0 is not a number/),
  noId('empty', '', /serverid null is not a number/),
  {
    check: 'myid-not-in-list',
    is: '7',
    myid: '7\n',
    server: refuses(/My id 7 not in the peer list/, 1),
  },
  {
    check: 'myid-not-in-list',
    is: '7, in 3.4',
    myid: '7\n',
    release: '3.4.14',
    server: refuses(/My id 7 not in the peer list/, 1),
  },
];
