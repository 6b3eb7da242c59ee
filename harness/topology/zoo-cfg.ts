import type { NodeSpec, PortClass, Topology } from './topology.ts';
import { atLeast } from './version.ts';

/** Where one server lives, as the servers themselves see it. */
export interface ServerPlace {
  /** Address or name the other servers and the clients reach it under. */
  host: string;
  /** The topology's ports when absent; servers that share one address need their own. */
  ports?: Record<PortClass, number>;
  /** Holds `myid`, snapshots and epochs. */
  dataDir: string;
  /** Holds the transaction logs when the topology says `separateLogDir`. */
  dataLogDir: string;
}

/**
 * Short ticks make elections, step-downs and session expiry quick: a leader that lost its quorum steps down after
 * about two ticks, a learner that hears nothing leaves after syncLimit ticks (1.8 s), joining may take 6 s.
 * Sessions may still be long, since 20 ticks would otherwise be the longest timeout granted.
 */
const testDefaults: { since: string; key: string; value: string }[] = [
  { since: '3.4.0', key: 'tickTime', value: '300' },
  { since: '3.4.0', key: 'initLimit', value: '20' },
  { since: '3.4.0', key: 'syncLimit', value: '6' },
  { since: '3.4.0', key: 'maxSessionTimeout', value: '60000' },
  { since: '3.4.0', key: 'maxClientCnxns', value: '0' },
  { since: '3.4.0', key: 'autopurge.purgeInterval', value: '0' },
  { since: '3.4.10', key: '4lw.commands.whitelist', value: '*' },
  { since: '3.5.0', key: 'admin.enableServer', value: 'false' },
];

/** Text of `zoo.cfg` for server `sid`. Settings of the topology win over the test defaults. Keys the server does not
 * know become system properties with "zookeeper." before them (QuorumPeerConfig.parseProperties, all of 3.4 and later). */
export function zooCfg(topology: Topology, sid: number, places: ReadonlyMap<number, ServerPlace>): string {
  const node = nodeOf(topology, sid);
  const place = placeOf(places, sid);
  const own = { ...place, host: node.ownHost ?? place.host };
  const lines = [
    ...Object.entries(settingsOf(topology, node.version)).map(([key, value]) => `${key}=${value}`),
    `dataDir=${place.dataDir}`,
    ...(topology.separateLogDir ? [`dataLogDir=${place.dataLogDir}`] : []),
    `clientPort=${portsOf(topology, place).client}`,
    ...(node.kind === 'observer' ? ['peerType=observer'] : []),
    ...topology.nodes.map((peer) =>
      serverLine(topology, peer, peer.sid === sid ? own : placeOf(places, peer.sid)),
    ),
    ...quorumLines(topology),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a server of this release is told: the test defaults, and over them the topology's own settings. */
export function settingsOf(topology: Pick<Topology, 'settings'>, version: string): Record<string, string> {
  const defaults = testDefaults
    .filter(({ since }) => atLeast(version, since))
    .map(({ key, value }): [string, string] => [key, value]);
  return { ...Object.fromEntries(defaults), ...topology.settings };
}

/** Text of the `myid` file in `dataDir`. */
export function myid(sid: number): string {
  return `${sid}\n`;
}

function serverLine(topology: Topology, peer: NodeSpec, place: ServerPlace): string {
  const { quorum, election } = portsOf(topology, place);
  const host = place.host.includes(':') ? `[${place.host}]` : place.host;
  const suffix = peer.kind === 'observer' ? ':observer' : '';
  return `server.${peer.sid}=${host}:${quorum}:${election}${suffix}`;
}

/** A hierarchical quorum: `group.G=sid:sid…` and the weight of each voter (QuorumHierarchical). */
function quorumLines({ nodes }: Topology): string[] {
  const grouped = nodes.filter((node) => node.group !== undefined);
  const groups = [...new Set(grouped.map((node) => node.group!))].sort((a, b) => a - b);
  const members = (group: number) => grouped.filter((node) => node.group === group).map((node) => node.sid);
  return [
    ...groups.map((group) => `group.${group}=${members(group).join(':')}`),
    ...grouped.map((node) => `weight.${node.sid}=${node.weight}`),
  ];
}

const portsOf = (topology: Topology, place: ServerPlace) => place.ports ?? topology.ports;

function nodeOf(topology: Topology, sid: number): NodeSpec {
  const node = topology.nodes.find((candidate) => candidate.sid === sid);
  if (node === undefined) throw new Error(`the topology has no server ${sid}`);
  return node;
}

function placeOf(places: ReadonlyMap<number, ServerPlace>, sid: number): ServerPlace {
  const place = places.get(sid);
  if (place === undefined) throw new Error(`no place for server ${sid}`);
  return place;
}
