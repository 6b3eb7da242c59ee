import { Trouble } from '../../base/trouble.ts';
import { quickFlags } from '../../distribution/jvm.ts';
import { log4jProperties, logbackXml } from '../../topology/log4j-properties.ts';
import type { Topology } from '../../topology/topology.ts';
import { zooCfg } from '../../topology/zoo-cfg.ts';
import type { StartOptions } from '../backend.ts';
import type { ServerImage } from './server-image.ts';
import type { TarFile } from './tar.ts';

/**
 * What goes into an image's configuration directory before a start. The same zoo.cfg, JVM flags and log layout as in
 * the sandbox; the image's entry point leaves a zoo.cfg that exists alone, and ZooKeeper's scripts read java.env.
 */
export function serverFiles(
  topology: Topology,
  sid: number,
  image: ServerImage,
  addressOf: (sid: number) => string,
  version: string,
  { settings, peers, jvmFlags = [] }: StartOptions,
): TarFile[] {
  const node = topology.nodes.find((candidate) => candidate.sid === sid);
  if (!node) throw new Error(`the topology has no server ${sid}`);
  const own: Topology = {
    ...topology,
    nodes: topology.nodes
      .filter((each) => peers?.includes(each.sid) ?? true)
      .map((each) => (each.sid === sid ? { ...each, version } : each)),
    settings: { ...topology.settings, ...settings },
  };
  const place = (peer: number) => ({
    host: addressOf(peer),
    dataDir: image.dataDir,
    dataLogDir: image.dataLogDir,
  });
  const places = new Map(topology.nodes.map(({ sid: peer }) => [peer, place(peer)]));
  return [
    { name: 'zoo.cfg', text: zooCfg(own, sid, places) },
    { name: 'java.env', text: javaEnv([...quickFlags(version), ...node.jvmFlags, ...jvmFlags]) },
    { name: 'log4j.properties', text: log4jProperties() },
    { name: 'logback.xml', text: logbackXml() },
  ];
}

/** zkServer.sh splits JVMFLAGS at blanks and expands patterns in it. */
export const javaEnv = (flags: readonly string[]) => `export JVMFLAGS='${oneLine(flags)}'\n`;

/** Flags in a variable that a start script splits at blanks and expands patterns in, so a flag can hold neither. */
export function oneLine(flags: readonly string[]): string {
  for (const flag of flags) {
    if (/[\s'"*?[\]\\$`]/.test(flag)) {
      throw new Trouble(
        `JVM flag ${flag}`,
        'has a character that start scripts in images do not pass on',
        'leave out blanks, quotes and wildcards, or use --backend sandbox',
      );
    }
  }
  return flags.join(' ');
}
