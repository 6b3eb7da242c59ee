import { join } from 'node:path';
import { Trouble } from '../../base/trouble.ts';
import { brokerCommand, serverCommand } from '../../distribution/jvm.ts';
import { isBroker } from '../../topology/brokers.ts';
import { log4jProperties, logbackXml } from '../../topology/log4j-properties.ts';
import { serverProperties } from '../../topology/server-properties.ts';
import { clientPortOf, type NodeSpec, nodeName, type Topology } from '../../topology/topology.ts';
import { myid, type ServerPlace, zooCfg } from '../../topology/zoo-cfg.ts';
import type { StartOptions } from '../backend.ts';
import type { OwnServers } from '../server-source.ts';
import type { Launcher, ServerDirectories, ServerLaunch } from './machine.ts';
import { addressOf } from './network.ts';

/** The programs of this machine that servers and brokers are. */
type Programs = Omit<Extract<OwnServers, { backend: 'sandbox' }>, 'backend'>;

/** Turns the topology into what one node needs: its configuration files and its command line. */
export function launcherOf(topology: Topology, programs: Programs): Launcher {
  return (sid, directories, options) =>
    (isBroker(sid) ? brokerLaunch : serverLaunch)(topology, programs, sid, directories, options);
}

type Launch = (
  topology: Topology,
  programs: Programs,
  sid: number,
  directories: ServerDirectories,
  options: StartOptions,
) => ServerLaunch;

const serverLaunch: Launch = (topology, { java, software }, sid, directories, options) => {
  const node = topology.nodes.find((candidate) => candidate.sid === sid);
  if (!node) throw new Error(`the topology has no server ${sid}`);
  const version = options.version ?? node.version;
  const release = software[version];
  if (!release)
    throw new Trouble(`${nodeName(sid)}`, `ZooKeeper ${version} was not fetched`, 'name it in the topology');
  const own = withOptions(topology, sid, version, options);
  const places = new Map(topology.nodes.map((each) => [each.sid, placeOf(each, directories)]));
  const log4j = join(directories.conf, 'log4j.properties');
  const logback = join(directories.conf, 'logback.xml');
  const cfg = join(directories.conf, 'zoo.cfg');
  return {
    version,
    files: [
      { path: cfg, text: zooCfg(own, sid, places) },
      ...(node.myid === null ? [] : [{ path: join(directories.data, 'myid'), text: node.myid ?? myid(sid) }]),
      { path: log4j, text: log4jProperties() },
      { path: logback, text: logbackXml() },
    ],
    command: serverCommand({
      java: { command: java },
      software: release,
      logConfig: release.logBackend === 'log4j' ? log4j : logback,
      zooCfg: cfg,
      jvmFlags: [...node.jvmFlags, ...(options.jvmFlags ?? [])],
    }),
  };
};

/** A broker is told where every server is; the other brokers it finds through them. */
const brokerLaunch: Launch = (topology, { java, kafka: releases = {} }, sid, directories, options) => {
  const { kafka } = topology;
  if (!kafka) throw new Error(`the topology has no broker ${sid}`);
  const version = options.version ?? kafka.version;
  const release = releases[version];
  if (!release)
    throw new Trouble(nodeName(sid), `Kafka ${version} was not fetched`, 'name it in the topology');
  const log4j = join(directories.conf, 'log4j.properties');
  const properties = join(directories.conf, 'server.properties');
  const place = {
    host: addressOf(sid),
    dataDir: directories.data,
    zookeeper: topology.nodes.map(
      ({ sid: server, at = server }) => `${addressOf(at)}:${clientPortOf(topology, server)}`,
    ),
  };
  const own = { ...kafka, settings: { ...kafka.settings, ...options.settings } };
  return {
    version,
    files: [
      { path: properties, text: serverProperties(own, sid, place) },
      { path: log4j, text: log4jProperties() },
    ],
    command: brokerCommand({
      java: { command: java },
      software: release,
      logConfig: log4j,
      properties,
      jvmFlags: [`-Djava.io.tmpdir=${directories.conf}`, ...kafka.jvmFlags, ...(options.jvmFlags ?? [])],
    }),
  };
};

/** Every server sees its own directories; of the others it only reads the addresses. */
function placeOf({ sid, at = sid, ports }: NodeSpec, { data, dataLog }: ServerDirectories): ServerPlace {
  return { host: addressOf(at), ...(ports && { ports }), dataDir: data, dataLogDir: dataLog };
}

function withOptions(
  topology: Topology,
  sid: number,
  version: string,
  { settings, peers }: StartOptions,
): Topology {
  return {
    ...topology,
    nodes: topology.nodes
      .filter((node) => peers?.includes(node.sid) ?? true)
      .map((node) => (node.sid === sid ? { ...node, version } : node)),
    settings: { ...topology.settings, ...settings },
  };
}
