import { execa } from 'execa';
import { Trouble } from '../../base/trouble.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Place } from '../backend.ts';
import { bash } from '../bash.ts';

/** Everything the sandbox stores lives in memory, under a private /run that ends with it. */
export const sandboxRoot = '/run/gauntlet';
const clientsAddress = '10.77.0.1';
const bridge = 'br0';

export const addressOf = (sid: number) => `10.77.0.${10 + sid}`;
export const addressAt = (place: Place) => (place === 'clients' ? clientsAddress : addressOf(place));
const namespaceOf = (sid: number) => `/run/netns/${nodeName(sid)}`;

/** How long a probe waits for an answer before it calls the path silent; a local TCP answer takes well under 1 ms. */
export const probeMs = 400;

/**
 * The script that builds the network: a bridge in the sandbox's own namespace (in the machine's, a Docker engine's
 * FORWARD DROP and bridge-nf would eat its traffic) and one network namespace a server, linked to it.
 */
export function networkScript(sids: readonly number[]): string {
  const servers = sids.map((sid) => {
    const name = nodeName(sid);
    return [
      `ip netns add ${name}`,
      `ip link add v${sid} type veth peer name eth0 netns ${name}`,
      `ip link set v${sid} master ${bridge} up`,
      `ip -n ${name} addr add ${addressOf(sid)}/24 dev eth0`,
      `ip -n ${name} link set eth0 up`,
      `ip -n ${name} link set lo up`,
    ].join('\n');
  });
  return [
    'set -eu',
    'mount -t tmpfs -o mode=0755 tmpfs /run',
    `mkdir -p /run/netns ${sandboxRoot}`,
    'ip link set lo up',
    `ip link add ${bridge} type bridge`,
    `ip addr add ${clientsAddress}/24 dev ${bridge}`,
    `ip link set ${bridge} up`,
    ...servers,
  ].join('\n');
}

export async function buildNetwork(sids: readonly number[]): Promise<void> {
  const [file, ...args] = bash(networkScript(sids));
  const result = await execa(file!, args, { reject: false, timeout: 60_000 });
  if (result.failed) {
    throw new Trouble(
      'backend sandbox',
      `the network could not be built: ${lastLine(result.stderr) || result.shortMessage}`,
      'run `gauntlet doctor` to see what this machine allows',
    );
  }
}

/** A command in a server's network namespace, or in the clients' (the sandbox's own). */
export function inNamespace(sid: number | 'clients', command: readonly string[]): string[] {
  return sid === 'clients' ? [...command] : ['nsenter', `--net=${namespaceOf(sid)}`, '--', ...command];
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
