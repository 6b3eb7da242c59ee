import type { OwnSite, SiteRequest } from './backend.ts';
import { launcherOf } from './sandbox/launcher.ts';
import { makeSandboxSite } from './sandbox/site.ts';
import type { OwnServers } from './server-source.ts';

/** Provisions a topology of servers that we start ourselves. */
export async function ownSiteOf(servers: OwnServers, request: SiteRequest): Promise<OwnSite> {
  if (servers.backend === 'docker') {
    // The client of the engine takes a quarter of a second to load, which the sandbox need not wait for.
    const { makeDockerSite } = await import('./docker/site.ts');
    return makeDockerSite(request, servers);
  }
  return makeSandboxSite(request, launcherOf(request.topology, servers));
}
