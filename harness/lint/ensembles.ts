import type { Ensemble, Server } from './model.ts';
import { isLoopback, isWildcard, peersOf } from './server.ts';

/**
 * Which servers belong together: those whose lists share an address, directly or through others. A name that only one
 * compose file or namespace knows, and localhost in a container, mean another machine in each.
 */
export function ensemblesOf(servers: readonly Server[]): Ensemble[] {
  const found: { servers: Server[]; addresses: Set<string> }[] = [];
  for (const server of servers) {
    const addresses = new Set(
      peersOf(server).map(({ host, quorumPort }) => addressOf(server, host, quorumPort)),
    );
    const related = found.filter((ensemble) =>
      [...addresses].some((address) => ensemble.addresses.has(address)),
    );
    const joined = {
      servers: [...related.flatMap((ensemble) => ensemble.servers), server],
      addresses: new Set([...related.flatMap((ensemble) => [...ensemble.addresses]), ...addresses]),
    };
    for (const ensemble of related) found.splice(found.indexOf(ensemble), 1);
    found.push(joined);
  }
  return found.map((ensemble) => ensemble.servers);
}

/** A name for one address that is the same in every file that means the same machine. */
function addressOf(server: Server, host: string, port: number): string {
  if (server.ownNetwork && (isLoopback(host) || isWildcard(host)))
    return `${server.scope} ${server.name}:${port}`;
  const local = server.localHosts.find((name) => isCalled(host, name));
  return local === undefined ? `${host}:${port}` : `${server.scope} ${local}:${port}`;
}

/** Whether `host` is `name`, alone or with a domain behind it. */
export const isCalled = (host: string, name: string) => host === name || host.startsWith(`${name}.`);
