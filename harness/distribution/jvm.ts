import { atLeast } from '../topology/version.ts';
import type { Java } from './java.ts';
import type { ServerSoftware } from './zookeeper.ts';

export interface ServerCommand {
  java: Pick<Java, 'command'>;
  software: ServerSoftware;
  /** The log4j.properties (or logback.xml) of this server. */
  logConfig: string;
  zooCfg: string;
  /** The user's, last on the line: they win over everything here. */
  jvmFlags?: readonly string[];
}

/**
 * Short-lived servers on few cores: the serial collector and the first compiler start fastest and use the least CPU
 * (1.3 s instead of 1.9 s for three servers). Without perf data no /tmp/hsperfdata_<user> is written or left.
 */
const fastFlags = [
  '-Xmx128m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-Djava.net.preferIPv4Stack=true',
  '-Dsun.net.inetaddr.ttl=0',
  '-Duser.timezone=UTC',
  // X509Util asks for the default SSL context even without TLS, and that parses some 140 CA certificates: 50 ms of CPU
  // in every server. TLS between servers or to clients names a trust store of its own (ssl.trustStore.location).
  '-Djavax.net.ssl.trustStore=NONE',
];

/**
 * System properties that make tests quick without changing what servers promise, with the first release that reads
 * them; older ones ignore them. A line of zoo.cfg without the leading "zookeeper." wins over the flag. fsync stays on
 * (`forceSync`), or an acknowledged write could rightly be lost.
 */
const testProperties: { since: string; name: string; value: string }[] = [
  // Server code looks for log4j's JMX beans, which reload4j does not have; all of 3.4 and later read it.
  { since: '3.4.0', name: 'zookeeper.jmx.log4j.disable', value: 'true' },
  // KB a transaction log grows by; 64 MB otherwise (FilePadding, FileTxnLog).
  { since: '3.4.0', name: 'zookeeper.preAllocSize', value: '64' },
  // How long one attempt to reach a voter's election port may take, ms; 5000 otherwise (QuorumCnxManager).
  { since: '3.4.0', name: 'zookeeper.cnxTimeout', value: '1000' },
  // Pause between two looks for votes, ms, from 200 doubling to 60000 otherwise (FastLeaderElection).
  { since: '3.6.0', name: 'zookeeper.fastleader.minNotificationInterval', value: '50' },
  { since: '3.6.0', name: 'zookeeper.fastleader.maxNotificationInterval', value: '1000' },
];

/** JVM flags and system properties for quick tests with a server of this release, wherever it runs. */
export function quickFlags(version: string): string[] {
  const properties = testProperties
    .filter(({ since }) => atLeast(version, since))
    .map(({ name, value }) => `-D${name}=${value}`);
  return [...fastFlags, ...properties];
}

/** The whole command line of one server, program first. Pure: what it names must exist when it runs. */
export function serverCommand({ java, software, logConfig, zooCfg, jvmFlags = [] }: ServerCommand): string[] {
  return [
    java.command,
    ...quickFlags(software.version),
    ...(software.cds === undefined ? [] : ['-Xshare:auto', `-XX:SharedArchiveFile=${software.cds}`]),
    ...programWords({ software, logConfig, jvmFlags }),
    zooCfg,
  ];
}

/**
 * A broker of Kafka in as little memory as holds it. Its own start script sets nothing that a short run needs; G1 and
 * the second compiler would double what a broker takes. Kafka 2.x reads the temporary directory for snappy and zstd.
 */
const brokerFlags = [
  '-Xms96m',
  '-Xmx192m',
  '-XX:MaxDirectMemorySize=96m',
  '-XX:ReservedCodeCacheSize=48m',
  '-Xss512k',
];

/** JVM flags for a broker in little memory, wherever it runs. */
export const quickBrokerFlags: readonly string[] = [...fastFlags, ...brokerFlags];

/** The whole command line of one broker. Pure, as `serverCommand`. */
export function brokerCommand({
  java,
  software,
  logConfig,
  properties,
  jvmFlags = [],
}: Omit<ServerCommand, 'zooCfg'> & { properties: string }): string[] {
  return [java.command, ...quickBrokerFlags, ...programWords({ software, logConfig, jvmFlags }), properties];
}

/** What the software asks of its JVM, what the user does, and the class that is run. */
function programWords({
  software,
  logConfig,
  jvmFlags,
}: Pick<ServerCommand, 'software' | 'logConfig'> & { jvmFlags: readonly string[] }): string[] {
  return [
    ...software.flags,
    logConfigFlag(software, logConfig),
    ...jvmFlags,
    '-cp',
    software.classpath.join(':'),
    software.mainClass,
  ];
}

function logConfigFlag({ logBackend }: ServerSoftware, file: string): string {
  return logBackend === 'log4j'
    ? `-Dlog4j.configuration=file:${file}`
    : `-Dlogback.configurationFile=${file}`;
}
