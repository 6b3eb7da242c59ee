import type { Peer, Setting } from './model.ts';

/** What came of one `server.N=…`: a peer, or why it is none, as it reads after the value. */
export type ServerLine =
  | { kind: 'peer'; peer: Peer }
  | { kind: 'wrong'; setting: Setting; reason: string }
  /** Other checks name it: it goes on with further servers or a comment, or its value is not known here. */
  | { kind: 'other'; setting: Setting };

/** Lines that may stand in a dynamic configuration file instead. */
export const isListed = (key: string) => /^(server\.|group|weight)/.test(key);

const sidOf = (key: string) => /^server\.([+-]?\d+)$/.exec(key)?.[1];

/** Two servers in one value: behind a comma, a semicolon or a blank comes another `server.N=` or host:port, or was to come. */
export const isSeveral = (value: string) => /[,;\s]\s*(server\.\w+\s*=|[\w.-]+:\d+:\d+)|[,;]\s*$/.test(value);
export const hasComment = (value: string) => /\s(#|\/\/)/.test(value);

/** Reads one line of a server list (QuorumPeer.QuorumServer.initializeWithAddressString, 3.9.5). */
export function readServerLine(setting: Setting): ServerLine {
  const { key, value } = setting;
  if (value === null || isSeveral(value) || hasComment(value)) return { kind: 'other', setting };
  const wrong = (reason: string): ServerLine => ({ kind: 'wrong', setting, reason });
  const sid = sidOf(key);
  if (sid === undefined) return wrong('what follows "server." is the id, a whole number');
  const [servers = '', client, ...rest] = value.split(';');
  if (rest.length > 0) return wrong('it has more than one ";"');
  const [first = '', ...more] = servers.split('|');
  const [host, quorum, election, type, ...beyond] = partsOf(first);
  if (!host || quorum === undefined || beyond.length > 0) return wrong(formWanted);
  if (election === undefined) return wrong('the election port is missing: host:2888:3888');
  const [quorumPort, electionPort] = [portOf(quorum), portOf(election)];
  if (quorumPort === undefined) return wrong(`"${quorum}" is no port`);
  if (electionPort === undefined) return wrong(`"${election}" is no port`);
  if (type !== undefined && !/^\s*(participant|observer)\s*$/i.test(type))
    return wrong(`"${type}" is neither participant nor observer`);
  const clientPort = client === undefined ? undefined : portOf(partsOf(client).at(-1) ?? '');
  if (client !== undefined && clientPort === undefined) return wrong(`"${client}" is no client port`);
  const peer: Peer = {
    sid: Number(sid),
    host,
    quorumPort,
    electionPort,
    observer: /observer/i.test(type ?? ''),
    ...(clientPort !== undefined && { clientPort }),
    more: more.length,
    setting,
  };
  return { kind: 'peer', peer };
}

const formWanted = 'a server is written host:port:port, host:port:port:observer or host:port:port;port';

/** An IPv6 address stands in brackets (ConfigUtils.getHostAndPort). */
function partsOf(text: string): string[] {
  const bracketed = /^\[([^\]]*)\]:(.*)$/.exec(text);
  return bracketed === null ? text.split(':') : [bracketed[1]!, ...bracketed[2]!.split(':')];
}

function portOf(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
