import type { Peer, Server, Setting } from './model.ts';
import { readServerLine, type ServerLine } from './server-line.ts';

/** The setting that counts: of several with one key the last (java.util.Properties). */
export function settingOf({ settings }: Pick<Server, 'settings'>, key: string): Setting | undefined {
  return settings.findLast((setting) => setting.key === key);
}

/** Its value; undefined where the key is not there or the file leaves the value open. */
export const valueIn = (server: Server, key: string) => settingOf(server, key)?.value ?? undefined;

/** Its value as a number; undefined where it is none, which a check of its own says. */
export function numberOf(server: Server, key: string): number | undefined {
  const value = valueIn(server, key);
  return value !== undefined && isWhole(value) ? Number(value) : undefined;
}

/** What Java's Integer.parseInt takes. */
export const isWhole = (text: string) => /^[+-]?\d+$/.test(text) && Math.abs(Number(text)) < 2 ** 31;

/** Whether a value is open that the key would have: then nothing follows from its absence. */
export const isOpen = (server: Server, key: string) => settingOf(server, key)?.value === null;

/** The lines of the server list that count, one an id. */
export function serverLines(server: Server): ServerLine[] {
  const byKey = new Map<string, Setting>();
  for (const setting of server.settings)
    if (setting.key.startsWith('server.')) byKey.set(setting.key, setting);
  return [...byKey.values()].map(readServerLine);
}

export function peersOf(server: Server): Peer[] {
  return serverLines(server).flatMap((line) => (line.kind === 'peer' ? [line.peer] : []));
}

/** Whether every line of the list could be read: only then does it tell who is not in it. */
export function listIsWhole(server: Server): boolean {
  return serverLines(server).every(({ kind }) => kind === 'peer');
}

export const votersIn = (peers: readonly Peer[]) => peers.filter(({ observer }) => !observer);

/** The id in `myid`, where it is one. Only the first line counts (QuorumPeerConfig.setupMyId). */
export function sidOf({ id }: Server): number | undefined {
  return id.kind === 'text' && isId(id.text) ? Number(firstLine(id.text)) : undefined;
}

export const firstLine = (text: string) => text.split(/\r\n|\r|\n/)[0]!;
/** What Java's Long.parseLong takes: no blanks. */
export const isId = (text: string) => /^[+-]?\d{1,18}$/.test(firstLine(text));

export function ownPeer(server: Server): Peer | undefined {
  const sid = sidOf(server);
  return sid === undefined ? undefined : peersOf(server).find((peer) => peer.sid === sid);
}

export const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
export const isWildcard = (host: string) => host === '0.0.0.0' || host === '::';
