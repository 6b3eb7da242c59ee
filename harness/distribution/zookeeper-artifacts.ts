import { atLeast } from '../topology/version.ts';

/** Releases to choose from, old to new. Others are tried too: Maven decides. */
export const knownVersions: readonly string[] = [
  ...['3.4.5', '3.4.6', '3.4.7', '3.4.8', '3.4.9', '3.4.10', '3.4.11', '3.4.12', '3.4.13', '3.4.14'],
  ...['3.5.0-alpha', '3.5.1-alpha', '3.5.2-alpha', '3.5.3-beta', '3.5.4-beta'],
  ...['3.5.5', '3.5.6', '3.5.7', '3.5.8', '3.5.9', '3.5.10'],
  ...['3.6.0', '3.6.1', '3.6.2', '3.6.3', '3.6.4', '3.7.0', '3.7.1', '3.7.2'],
  ...['3.8.0', '3.8.1', '3.8.2', '3.8.3', '3.8.4', '3.8.5', '3.8.6'],
  ...['3.9.0', '3.9.1', '3.9.2', '3.9.3', '3.9.4', '3.9.5'],
];

export interface Coordinates {
  group: string;
  name: string;
  version: string;
}

/** One thing Maven is asked for; it comes with what it needs at run time, except these. */
export interface Artifact extends Coordinates {
  without: { group: string; name: string }[];
}

const everything = [{ group: '*', name: '*' }];

/** The log backend is the same for every release, so that our layout and the ledger's patterns are too. */
const otherBackends = [
  { group: 'ch.qos.logback', name: '*' },
  { group: 'log4j', name: 'log4j' },
  { group: 'org.slf4j', name: 'slf4j-log4j12' },
];

/**
 * The jars of a release. From 3.5.5 on its POM is sound; added is what upstream declares `provided` yet needs for
 * compressed snapshots (snappy-java), for metrics (metrics-core) and for the AdminServer (Jetty, Jackson). Before 3.5.5 the POM names artifacts that are
 * gone (com.sun.jmx, com.sun.jdmk), so the list is explicit.
 */
export function zookeeperArtifacts(version: string): Artifact[] {
  const zookeeper = { group: 'org.apache.zookeeper', name: 'zookeeper', version };
  const logging = [
    { group: 'org.slf4j', name: 'slf4j-api', version: slf4jOf(version) },
    { group: 'org.slf4j', name: 'slf4j-reload4j', version: slf4jOf(version) },
    { group: 'ch.qos.reload4j', name: 'reload4j', version: '1.2.25' },
  ];
  if (atLeast(version, '3.5.5')) {
    const provided = [
      { group: 'org.xerial.snappy', name: 'snappy-java', version: '1.1.10.5' },
      { group: 'io.dropwizard.metrics', name: 'metrics-core', version: metricsCoreOf(version) },
    ];
    const admin = [
      { group: 'org.eclipse.jetty', name: 'jetty-servlet', version: '9.4.57.v20241219', without: [] },
      { group: 'com.fasterxml.jackson.core', name: 'jackson-databind', version: '2.15.2', without: [] },
    ];
    return [{ ...zookeeper, without: otherBackends }, ...admin, ...alone([...provided, ...logging])];
  }
  const listed = [
    { group: 'org.apache.yetus', name: 'audience-annotations', version: '0.5.0' },
    { group: 'io.netty', name: 'netty', version: '3.10.6.Final' },
  ];
  return alone([zookeeper, ...logging, ...listed]);
}

/** slf4j 2 came with 3.8.5 and 3.9.4 (`slf4j.version` in their parent POM); 1.7.36 closes the line before it. */
function slf4jOf(version: string): string {
  const second = atLeast(version, '3.9.0') ? atLeast(version, '3.9.4') : atLeast(version, '3.8.5');
  return second ? '2.0.13' : '1.7.36';
}

/** `dropwizard.version` in the parent POM of 3.6, and of 3.7 and later. */
function metricsCoreOf(version: string): string {
  return atLeast(version, '3.7.0') ? '4.1.12.1' : '3.2.5';
}

const alone = (artifacts: Coordinates[]) =>
  artifacts.map((artifact) => ({ ...artifact, without: everything }));
