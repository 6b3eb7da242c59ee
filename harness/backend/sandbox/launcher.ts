import { join } from 'node:path';
import { Trouble } from '../../base/trouble.ts';
import { serverCommand } from '../../distribution/jvm.ts';
import type { ServerSoftware } from '../../distribution/zookeeper.ts';
import { log4jProperties, logbackXml } from '../../topology/log4j-properties.ts';
import { type NodeSpec, nodeName, type Topology } from '../../topology/topology.ts';
import { myid, type ServerPlace, zooCfg } from '../../topology/zoo-cfg.ts';
import type { StartOptions } from '../backend.ts';
import type { Launcher, ServerDirectories, ServerLaunch } from './machine.ts';
import { addressOf } from './network.ts';

/** Turns the topology into what one server needs: its configuration files and its command line. */
export function launcherOf(
  topology: Topology,
  java: string,
  software: Readonly<Record<string, ServerSoftware>>,
): Launcher {
  return (sid, directories, options): ServerLaunch => {
    const node = topology.nodes.find((candidate) => candidate.sid === sid);
    if (!node) throw new Error(`the topology has no server ${sid}`);
    const version = options.version ?? node.version;
    const release = software[version];
    if (!release)
      throw new Trouble(
        `${nodeName(sid)}`,
        `ZooKeeper ${version} was not fetched`,
        'name it in the topology',
      );
    const own = withOptions(topology, sid, version, options);
    const places = new Map(topology.nodes.map((each) => [each.sid, placeOf(each, directories)]));
    const log4j = join(directories.conf, 'log4j.properties');
    const logback = join(directories.conf, 'logback.xml');
    const cfg = join(directories.conf, 'zoo.cfg');
    return {
      version,
      files: [
        { path: cfg, text: zooCfg(own, sid, places) },
        ...(node.myid === null
          ? []
          : [{ path: join(directories.data, 'myid'), text: node.myid ?? myid(sid) }]),
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
}

/** Every server sees its own directories; of the others it only reads the addresses. */
function placeOf({ sid, at = sid, ports }: NodeSpec, { data, dataLog }: ServerDirectories): ServerPlace {
  return { host: addressOf(at), ...(ports && { ports }), dataDir: data, dataLogDir: dataLog };
}

function withOptions(topology: Topology, sid: number, version: string, { settings }: StartOptions): Topology {
  return {
    ...topology,
    nodes: topology.nodes.map((node) => (node.sid === sid ? { ...node, version } : node)),
    settings: { ...topology.settings, ...settings },
  };
}
