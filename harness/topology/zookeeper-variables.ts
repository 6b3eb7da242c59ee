import type { NodeSpec, Topology } from './topology.ts';
import { atLeast } from './version.ts';
import { type ServerPlace, zooCfg } from './zoo-cfg.ts';

/** Where the official image keeps things (github.com/31z4/zookeeper-docker). */
export const serverDirs = { data: '/data', dataLog: '/datalog', logs: '/logs' } as const;

/** Lines of zoo.cfg that the official image writes from variables of their own; it takes the others from ZOO_CFG_EXTRA. */
const variables: Record<string, string> = {
  tickTime: 'ZOO_TICK_TIME',
  initLimit: 'ZOO_INIT_LIMIT',
  syncLimit: 'ZOO_SYNC_LIMIT',
  maxClientCnxns: 'ZOO_MAX_CLIENT_CNXNS',
  'autopurge.purgeInterval': 'ZOO_AUTOPURGE_PURGEINTERVAL',
  'autopurge.snapRetainCount': 'ZOO_AUTOPURGE_SNAPRETAINCOUNT',
  'admin.enableServer': 'ZOO_ADMINSERVER_ENABLED',
  standaloneEnabled: 'ZOO_STANDALONE_ENABLED',
  '4lw.commands.whitelist': 'ZOO_4LW_COMMANDS_WHITELIST',
};
/** Lines it writes by itself. */
const ofTheImage = ['dataDir', 'dataLogDir', 'clientPort'];

/** The zoo.cfg of one server as variables of the official image; the others are found at `hostOf`. */
export function zookeeperVariables(
  topology: Topology,
  { sid, version, jvmFlags }: NodeSpec,
  hostOf: (sid: number) => string,
): Record<string, string | number> {
  const place = (peer: number): ServerPlace => ({
    host: hostOf(peer),
    dataDir: serverDirs.data,
    dataLogDir: serverDirs.dataLog,
  });
  const places = new Map(topology.nodes.map((peer) => [peer.sid, place(peer.sid)]));
  const lines = zooCfg(topology, sid, places).trim().split('\n').map(keyAndValue);
  // From 3.5 on the client port belongs to the line of the server.
  const clientPort = atLeast(version, '3.5.0') ? `;${topology.ports.client}` : '';
  const servers = lines.filter(([key]) => key.startsWith('server.'));
  const settings = lines.filter(([key]) => !key.startsWith('server.') && !ofTheImage.includes(key));
  const extra = settings.filter(([key]) => variables[key] === undefined);
  return {
    ZOO_MY_ID: sid,
    ZOO_SERVERS: servers.map((line) => line.join('=') + clientPort).join(' '),
    ...Object.fromEntries(
      settings.flatMap(([key, value]) => (variables[key] ? [[variables[key], value]] : [])),
    ),
    ...(extra.length > 0 && { ZOO_CFG_EXTRA: extra.map((line) => line.join('=')).join(' ') }),
    ...(jvmFlags.length > 0 && { JVMFLAGS: jvmFlags.join(' ') }),
  };
}

/** A shell command that succeeds when a server serves. Alive is not enough: without a quorum it answers too, without a mode. */
export const serverServes = (clientPort: number) =>
  `echo srvr | nc -w 2 127.0.0.1 ${clientPort} | grep -q ^Mode`;

function keyAndValue(line: string): [key: string, value: string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
