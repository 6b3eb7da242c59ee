import * as z from 'zod';
import { usage } from '../base/trouble.ts';
import { brokerNode, type KafkaLayer, newestKafka } from './brokers.ts';
import { contradictionIn } from './stored-state.ts';
import {
  type NodeSpec,
  type ParsedTopology,
  portClasses,
  type Topology,
  type TopologyInput,
  topologySchema,
} from './topology.ts';
import { checkVersion, compareVersions } from './version.ts';

/** Lines of zoo.cfg that the harness writes itself, and the field that decides them. */
const ownKeys: Record<string, string> = {
  dataDir: 'the backend chooses it',
  dataLogDir: 'use separateLogDir',
  clientPort: 'use ports.client',
  clientPortAddress: 'every server has an address of its own',
  peerType: 'use observers',
  dynamicConfigFile: 'set reconfigEnabled, the servers then write the file themselves',
  // Read with Integer.getInteger("jute.maxbuffer") (BinaryInputArchive), while a line of zoo.cfg would become
  // "zookeeper.jute.maxbuffer", which nobody reads.
  'jute.maxbuffer': 'it is a JVM flag: jvmFlags: ["-Djute.maxbuffer=…"]',
};
const ownPrefixes: Record<string, string> = {
  'server.': 'use voters and observers',
  'weight.': 'use nodes.N.weight',
  'group.': 'use nodes.N.group',
  'zookeeper.': 'leave out "zookeeper.": servers put it before every line they do not know',
};

/**
 * Decides everything a user left open: server ids 1..n (voters, then observers), releases (a server's own, else the
 * topology's, else `defaultVersion`), weights and groups. Throws a usage `Trouble` that names the offending field.
 */
export function resolveTopology(
  input: TopologyInput,
  defaultVersion: string,
  defaultKafka = newestKafka,
): Topology {
  const parsed = topologySchema.safeParse(input);
  if (!parsed.success) {
    const lines = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ');
    throw usage('topology', lines, 'correct these fields', parsed.error);
  }
  const {
    voters,
    observers,
    nodes: own,
    version,
    jvmFlags,
    ports,
    separateLogDir,
    settings,
    data,
  } = parsed.data;
  const total = voters + observers;
  for (const sid of Object.keys(own)) {
    if (Number(sid) > total) {
      throw usage(`topology.nodes.${sid}`, `there are only ${total} servers`, `use an id from 1 to ${total}`);
    }
  }
  const nodes: NodeSpec[] = Array.from({ length: total }, (_, index) => {
    const sid = index + 1;
    const node = own[sid];
    return {
      sid,
      kind: sid <= voters ? 'voter' : 'observer',
      version: checkVersion(node?.version ?? version ?? defaultVersion, 'ZooKeeper version'),
      weight: node?.weight ?? 1,
      group: node?.group,
      jvmFlags: [...jvmFlags, ...(node?.jvmFlags ?? [])],
      ...(node?.at !== undefined && { at: node.at }),
      ...(node?.ownHost !== undefined && { ownHost: node.ownHost }),
      ...(node?.ports && { ports: checkPorts(node.ports) }),
      ...(node?.myid !== undefined && { myid: node.myid }),
      ...(node?.stored && { stored: node.stored }),
    };
  });
  const lost = nodes.find(({ at }) => at !== undefined && (at > total || nodes[at - 1]?.at !== undefined));
  if (lost) {
    throw usage(
      `topology.nodes.${lost.sid}.at`,
      'that server has no address of its own',
      'name one that has',
    );
  }
  const states = new Map(nodes.flatMap(({ sid, stored }) => (stored ? [[sid, stored] as const] : [])));
  const contradiction = contradictionIn(states);
  if (contradiction !== undefined)
    throw usage('topology.nodes: stored', contradiction, 'describe disks that one history can have left');
  const weighed = nodes.some((node) => own[node.sid]?.weight !== undefined);
  return {
    nodes: settleGroups(nodes, weighed),
    ports: checkPorts(ports),
    separateLogDir,
    settings: checkSettings(settings),
    ...(data !== undefined && { data }),
    ...(parsed.data.kafka && { kafka: kafkaLayer(parsed.data.kafka, defaultKafka) }),
  };
}

function kafkaLayer(
  { brokers, version, chroot, settings, jvmFlags }: NonNullable<ParsedTopology['kafka']>,
  defaultVersion: string,
): KafkaLayer {
  return {
    nodes: Array.from({ length: brokers }, (_, index) => brokerNode(index + 1)),
    version: checkVersion(version ?? defaultVersion, 'Kafka version', 'Kafka'),
    chroot,
    settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value)])),
    jvmFlags,
  };
}

/** Whether every server has a release of its own, so that the run has nothing to decide. */
export function namesAllReleases({ version, voters, observers, nodes }: ParsedTopology): boolean {
  const sids = Array.from({ length: voters + observers }, (_, index) => index + 1);
  return version !== undefined || sids.every((sid) => nodes[sid]?.version !== undefined);
}

/** What the servers run, each release once, from old to new: "3.9.5", or "3.8.0 + 3.9.5". */
export function releaseOf({ nodes }: Topology): string {
  const versions = new Set(nodes.map(({ version }) => version));
  return [...versions].sort(compareVersions).join(' + ');
}

/** Servers read weights only where there are groups (QuorumHierarchical): weights alone mean one group of all voters. */
function settleGroups(nodes: NodeSpec[], weighed: boolean): NodeSpec[] {
  for (const node of nodes) {
    if (node.kind === 'observer' && (node.group !== undefined || node.weight !== 1)) {
      throw usage(`topology.nodes.${node.sid}`, 'an observer has no weight and no group', 'remove them');
    }
  }
  const voters = nodes.filter((node) => node.kind === 'voter');
  const grouped = voters.filter((node) => node.group !== undefined);
  if (grouped.length === 0 && !weighed) return nodes;
  if (grouped.length > 0 && grouped.length < voters.length) {
    const missing = voters.filter((node) => node.group === undefined).map((node) => node.sid);
    throw usage('topology.nodes', `voters ${missing.join(', ')} are in no group`, 'give every voter a group');
  }
  if (voters.every((node) => node.weight === 0)) {
    throw usage('topology.nodes', 'all weights are 0', 'give at least one voter a weight');
  }
  return nodes.map((node) => (node.kind === 'voter' ? { ...node, group: node.group ?? 1 } : node));
}

function checkPorts(ports: Topology['ports']): Topology['ports'] {
  if (new Set(Object.values(ports)).size < portClasses.length) {
    throw usage('topology.ports', 'two of them are the same', 'use three different ports');
  }
  return ports;
}

function checkSettings(settings: Record<string, string | number | boolean>): Record<string, string> {
  const lines = Object.entries(settings).map(([key, value]): [string, string] => {
    const thing = `topology.settings."${key}"`;
    const prefix = Object.keys(ownPrefixes).find((start) => key.startsWith(start));
    const remedy = ownKeys[key] ?? (prefix === undefined ? undefined : ownPrefixes[prefix]);
    if (remedy !== undefined) throw usage(thing, 'not a setting to give here', remedy);
    if (!/^[\w.-]+$/.test(key) || /[\r\n]/.test(String(value))) {
      throw usage(
        thing,
        'not one line of zoo.cfg',
        'write the key and its value without blanks or new lines',
      );
    }
    return [key, String(value)];
  });
  return Object.fromEntries(lines);
}
